// Control sequences, operating system commands and two-byte escapes (ECMA-48, 5.3 to 5.6).
const escapeCodes = /\u001B(?:\[[0-?]*[ -/]*[@-~]|\][^\u0007\u001B\r\n]*(?:\u0007|\u001B\\)|[@-Z\\-_])/g

/**
 * The lines of a tool's output, without terminal escape codes, blanks at the end, and empty lines. A carriage return ends
 * a line too: progress bars draw over their line with it. Takes time in proportion to the text.
 */
export function toOutputLines(text: string): string[] {
  return splitOutput(text).filter(line => line !== '')
}

/** The same with the empty lines. */
export function splitOutput(text: string): string[] {
  return text
    .replaceAll(escapeCodes, '')
    .split(/\r\n|[\r\n]/)
    .map(line => line.trimEnd())
}

/** Prints a text on stdout, with an end of line. */
export function print(text: string): void {
  process.stdout.write(`${text}\n`)
}

/**
 * The lines that a terminal shows after `written`, decoded as Latin-1: line feed with its carriage return, carriage return,
 * and erase to the end of the line (ECMA-48) are all that it knows.
 */
export function linesOnTerminal(written: string): string[] {
  const lines: string[] = ['']
  let column = 0
  for (const [piece] of written.matchAll(/\u001B\[K|[^]/g)) {
    const line = lines.pop() ?? ''
    if (piece === '\n') lines.push(line, '')
    else if (piece === '\r') lines.push(line)
    else if (piece === '\u001B[K') lines.push(line.slice(0, column))
    else lines.push(line.slice(0, column) + piece + line.slice(column + 1))
    column = piece === '\n' || piece === '\r' ? 0 : piece === '\u001B[K' ? column : column + 1
  }
  return lines.map(line => Buffer.from(line, 'latin1').toString('utf8'))
}

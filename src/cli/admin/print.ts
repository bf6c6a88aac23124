/** Prints a text on stdout, with an end of line. */
export function print(text: string): void {
  process.stdout.write(`${text}\n`)
}

/** Whether what is printed may have colours: they are for terminals, and for those who want them (no-color.org). */
export function isColourful(): boolean {
  return process.stdout.isTTY && !process.env['NO_COLOR']
}

import { writeFileSync } from 'node:fs'
import path from 'node:path'
import { generatedFiles } from './generated-files.ts'

const checkout = path.resolve(import.meta.dirname, '..')

for (const [file, write] of Object.entries(generatedFiles)) {
  writeFileSync(path.join(checkout, file), write())
  process.stdout.write(`${file}\n`)
}

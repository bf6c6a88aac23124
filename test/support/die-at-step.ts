import fs from 'node:fs/promises'
import { syncBuiltinESMExports } from 'node:module'
import { writeFileSync } from 'node:fs'

/**
 * Loaded into a program before it begins (`--import`): kills it in the middle of its work, right before its
 * `DIE_AT_STEP`th step in the folder `LASTGOOD_SPOOL`. How many steps there were is written to `DIE_COUNT_FILE` where the
 * program lives to its end.
 */
const folder = process.env['LASTGOOD_SPOOL'] ?? ''
const last = Number(process.env['DIE_AT_STEP'] ?? 0)
const countFile = process.env['DIE_COUNT_FILE'] ?? ''
let steps = 0

function step(): void {
  steps += 1
  if (steps !== last) return
  process.kill(process.pid, 'SIGKILL')
  // Nothing more is done until the signal has come.
  Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0)
}

type Method = (...args: unknown[]) => unknown
const methods = fs as unknown as Record<string, Method>

for (const name of ['open', 'rename', 'rm', 'writeFile', 'readFile', 'readdir', 'mkdir']) {
  const real = methods[name]
  if (!real) continue
  methods[name] = (...args) => {
    if (typeof args[0] === 'string' && args[0].startsWith(folder)) step()
    return real(...args)
  }
}

const handle = await fs.open('/dev/null')
const prototype = Object.getPrototypeOf(handle) as Record<string, Method>
await handle.close()
for (const name of ['writeFile', 'sync']) {
  const real = prototype[name]
  if (!real) continue
  prototype[name] = function counted(...args) {
    step()
    return real.apply(this, args)
  }
}
syncBuiltinESMExports()
if (countFile !== '') process.on('exit', () => writeFileSync(countFile, String(steps)))

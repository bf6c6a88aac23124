import { enableCompileCache, getCompileCacheDir } from 'node:module'
import { tmpdir } from 'node:os'
import path from 'node:path'
import { expect, test } from 'vitest'
import { openThread } from './thread.ts'

const script = `
  import { getCompileCacheDir } from 'node:module'
  import { parentPort } from 'node:worker_threads'
  parentPort.on('message', ({ id, kind }) => {
    parentPort.postMessage({ id, value: getCompileCacheDir() })
    if (kind === 'close') parentPort.close()
  })`

test('a thread keeps what is compiled where its program does', async () => {
  // Nothing is changed where a cache is in use already.
  enableCompileCache(path.join(tmpdir(), 'lastgood-compiled'))
  const thread = openThread<{ id: number; kind: 'ask' | 'close' }>({
    script: new URL(`data:text/javascript,${encodeURIComponent(script)}`),
    data: undefined,
    young: 4,
    toError: failure => failure,
  })
  try {
    const folder = await thread.ask({ kind: 'ask' })
    expect(folder).toBe(getCompileCacheDir())
    expect(folder).toBeTypeOf('string')
  } finally {
    await thread.close({ kind: 'close' })
  }
})

import type { AddressInfo } from 'node:net'
import { compose } from '../../src/compose.ts'
import { readConfig } from '../../src/config.ts'
import { serveBenchmark } from '../support/measured.ts'

/**
 * Lastgood as it is, on any free port; its settings come from the environment. Requests are counted as ever, but against a
 * limit that no benchmark reaches.
 */
const { app, watch, close } = await compose(
  readConfig({ LASTGOOD_LOG_LEVEL: 'warn', LASTGOOD_RATE_LIMIT: '1000000000', ...process.env, LASTGOOD_PORT: '0' }),
)
await app.listen({ host: '127.0.0.1', port: 0 })
watch()
serveBenchmark((app.server.address() as AddressInfo).port, close)

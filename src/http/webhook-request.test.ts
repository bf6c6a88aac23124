import { expect, test } from 'vitest'
import { maskHookPath } from './webhook-request.ts'

const uuid = '5d5a8f0e-6c0b-4c0a-9d1c-0a1b2c3d4e5f'

test.each([
  [`/hooks/duplicati/${uuid}`, '/hooks/duplicati/…'],
  [`/hooks/backrest/key/documents/start`, '/hooks/backrest/…'],
  [`/hooks/${uuid}`, '/hooks/…'],
  [`/api/push/${uuid}`, '/api/push/…'],
  ['/p/key/documents/run', '/p/…'],
  ['/api/7/cron/documents/key/', '/api/7/cron/…'],
])('the log shows %s as %s', (path, shown) => expect(maskHookPath(path)).toBe(shown))

test.each(['/v1/runs', '/ping/x', '/api/v1/endpoints/a_b/external', '/message', '/metrics/job/a', '/api/pushes'])(
  'the log shows %s as it is, or as others say',
  path => expect(maskHookPath(path)).toBeUndefined(),
)

import { createConfig, lintFromString } from '@redocly/openapi-core'
import { expect, test } from 'vitest'
import { buildOpenApi } from '../src/http/openapi/document.ts'
import { describedOperations } from '../src/http/routes/description.ts'

test('the description is valid OpenAPI 3.1 under the strict rules of a linter', async () => {
  const config = await createConfig({
    extends: ['recommended-strict'],
    // The address is that of whoever serves it.
    rules: { 'no-server-example.com': 'off', 'no-empty-servers': 'error' },
  })
  const problems = await lintFromString({ source: JSON.stringify(buildOpenApi(describedOperations())), config })
  expect(problems.map(({ ruleId, message, location }) => [ruleId, message, location[0]?.pointer])).toEqual([])
})

test('every operation has a name of its own, as do schemas', () => {
  const ids = describedOperations().map(({ id }) => id)
  expect(new Set(ids).size).toBe(ids.length)
})

import { afterAll, expect, test } from 'vitest'
import { openDescribedServer } from './a-tree.ts'
import { buildAsk, sayingOf } from './ask.ts'
import { type Described, type DescribedParameter, described, typesOf } from './described.ts'

const { server, aTree, close } = await openDescribedServer()
afterAll(close)
const tree = await aTree()

/** Texts that mean something, and one that means nothing. */
const wrongTexts: Record<string, string> = {
  schedule: 'whenever',
  time_zone: 'Mars/Base',
  from: 'soon',
  since: 'soon',
  start_date: 'soon',
  end_date: 'soon',
}

const parametersOf = ({ parameters }: Described) => parameters.filter(one => one.in === 'query')
const withParameters = described.filter(([, operation]) => parametersOf(operation).length > 0)

test.each(described)('400: %s with a parameter that there is not', async (_, operation) => {
  const answer = await (await buildAsk(server, operation, tree))({ query: { surprise: ['1'] } })
  const known = parametersOf(operation).map(({ name }) => name)
  const those = known.length > 0 ? known.join(', ') : 'none'
  expect([answer.statusCode, sayingOf(answer)]).toEqual([
    400,
    expect.stringContaining(`"surprise" is not a parameter of this path; there are ${those}.`),
  ])
})

test.each(withParameters)(
  '400: %s with a parameter that is missing, wrong or repeated names it',
  async (_, operation) => {
    const ask = await buildAsk(server, operation, tree)
    for (const parameter of parametersOf(operation)) {
      for (const values of wrongValues(parameter)) {
        const answer = await ask({ query: { [parameter.name]: values } })
        const saying = sayingOf(answer).replaceAll(' ', '_')
        expect([values, answer.statusCode, saying]).toEqual([values, 400, expect.stringContaining(parameter.name)])
      }
    }
  },
)

test.each(withParameters)(
  '%s takes each parameter at its bounds, and each constant in any letter case',
  async (_, operation) => {
    const ask = await buildAsk(server, operation, await aTree())
    for (const parameter of parametersOf(operation)) {
      for (const value of rightValues(parameter)) {
        const answer = await ask({ query: { [parameter.name]: [value] } })
        const refused = answer.statusCode === 400 ? sayingOf(answer) : ''
        expect([parameter.name, value, answer.statusCode < 500, refused.startsWith(`${parameter.name} must`)]).toEqual([
          parameter.name,
          value,
          true,
          false,
        ])
      }
    }
  },
)

/** The values of a parameter that are refused; null where it must not be missing. */
function wrongValues(parameter: DescribedParameter): (string[] | null)[] {
  const { name, required, schema, example } = parameter
  if (isIgnored(parameter)) return []
  const twice = typesOf(schema).includes('array') ? [] : [[String(example), String(example)]]
  const text = wrongTexts[name]
  const texts = text !== undefined && typesOf(schema).includes('string') ? [[text]] : []
  return [...(required ? [null] : []), ...twice, ...texts, ...wrongWords(parameter).map(word => [word])]
}

function wrongWords({ schema }: DescribedParameter): string[] {
  const { minimum = 0, maximum = Number.MAX_SAFE_INTEGER } = schema
  const types = typesOf(schema)
  if (types.includes('integer')) {
    return ['', 'x', '1.5', '1e1', '0x1', ' 1', '+1', `${minimum - 1}`, `${BigInt(maximum) + 1n}`, '9'.repeat(400)]
  }
  if (types.includes('boolean')) return ['', '1', 'perhaps']
  if (schema.enum ?? schema.items?.enum) return ['', 'NOPE', '\0', 'x'.repeat(5_000)]
  return []
}

/** The ends of what is taken. */
function rightValues({ schema }: DescribedParameter): string[] {
  if (typesOf(schema).includes('integer')) return [schema.minimum, schema.maximum].map(String)
  if (typesOf(schema).includes('boolean')) return ['true', 'FALSE']
  return (schema.enum ?? schema.items?.enum ?? []).map(word => word.toLowerCase())
}

/** The page of what is always one page is taken, whatever it is. */
function isIgnored({ name, schema }: DescribedParameter): boolean {
  return ['page', 'page_size'].includes(name) && typesOf(schema).includes('string')
}

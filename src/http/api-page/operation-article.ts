import { answerOf, type Description, type MediaType, type ShownOperation, type ShownParameter } from './description.ts'
import { code, showContent } from './examples.ts'
import { type Content, markup, inline, paragraphs } from './markup.ts'
import { boundsOf, table, typeOf } from './schema-text.ts'

/** An operation with where it is. */
export type PlacedOperation = { path: string; method: string; operation: ShownOperation }

/** Everything about one operation: scope, parameters, body, answers, and examples. */
export function operationArticle(description: Description, placed: PlacedOperation): Content {
  const { path, method, operation } = placed
  const { operationId, summary, requestBody } = operation
  return markup`<article id="${operationId}" aria-labelledby="${operationId}-title">
    <h3 id="${operationId}-title">${inline(summary)}</h3>
    <p class="route"><span class="method ${method}">${method.toUpperCase()}</span> <code>${path}</code></p>
    <p>${scopeOf(operation)}</p>
    ${operation.description !== undefined && paragraphs(operation.description)} ${showParameters(operation)}
    ${requestBody && [markup`<h4>Body${!requestBody.required && ', may be left out'}</h4>`, showContent(description, 'Body', requestBody.content)]}
    ${showAnswers(description, operation)} ${code(`curl for ${operationId}`, curlOf(placed))}
  </article> `
}

function scopeOf({ security }: ShownOperation): Content {
  if (security.length === 0) return 'Needs no token.'
  const scopes = security.flatMap(one => one['oauth'] ?? [])
  const agentKey = security.some(one => 'agentKey' in one) && ', or an agent key'
  if (scopes.length === 0) return markup`Needs any token${agentKey}.`
  return markup`Needs a token with the scope ${scopes.map(scope => markup`<code>${scope}</code>`)}${agentKey}.`
}

function showParameters({ operationId, parameters = [] }: ShownOperation): Content {
  if (parameters.length === 0) return undefined
  const rows = parameters.map(
    ({ name, in: place, required, schema, description }) =>
      markup`<tr>
        <th scope="row"><code>${name}</code></th>
        <td class="short">${place}${required && markup`<br /><span class="soft">required</span>`}</td>
        <td class="short">${typeOf(schema)}</td>
        <td>${boundsOf(schema)}</td>
        <td>${inline(description)}</td>
      </tr>`,
  )
  const label = `Parameters of ${operationId}`
  return [markup`<h4>Parameters</h4>`, table(label, ['Name', 'In', 'Type', 'Values', 'Meaning'], rows)]
}

function showAnswers(description: Description, { operationId, responses }: ShownOperation): Content {
  const answers = Object.entries(responses).map(([status, answer]) => ({ status, ...answerOf(description, answer) }))
  const rows = answers.map(
    ({ status, description: meaning, headers = {} }) =>
      markup`<tr>
        <th scope="row">${status}</th>
        <td>${inline(meaning)}</td>
        <td>
          ${Object.keys(headers)
            .filter(name => !name.startsWith('RateLimit-'))
            .map((name, index) => [index > 0 && ', ', markup`<code>${name}</code>`])}
        </td>
      </tr>`,
  )
  const contents = new Map<string, { statuses: string[]; content: Record<string, MediaType> }>()
  for (const { status, content } of answers.filter(one => one.status < '300')) {
    const same = JSON.stringify(content ?? {})
    contents.set(same, { statuses: [...(contents.get(same)?.statuses ?? []), status], content: content ?? {} })
  }
  return [
    markup`<h4>Answers</h4>`,
    table(`Answers of ${operationId}`, ['Status', 'When', 'Headers'], rows),
    [...contents.values()].map(({ statuses, content }) =>
      showContent(description, `Answer ${statuses.join(' or ')}`, content),
    ),
  ]
}

/** The request as a command for a shell, with the examples of what must be given. */
function curlOf({ path, method, operation }: PlacedOperation): string {
  const { parameters = [], requestBody, security } = operation
  const filled = path.replaceAll(/\{([a-z_]+)\}/g, (_, name: string) => encodeURIComponent(exampleIn(parameters, name)))
  const query = parameters.filter(one => one.in === 'query' && one.required)
  const given = query.map(({ name, example }) => `${name}=${encodeURIComponent(String(example))}`).join('&')
  const [[type, { example, examples }] = ['', { example: undefined, examples: undefined }]] = Object.entries(
    requestBody?.content ?? {},
  )
  const value = example ?? Object.values(examples ?? {})[0]?.value
  return [
    `curl${method === 'get' || value !== undefined ? '' : ` -X ${method.toUpperCase()}`} "$URL${filled}${given && `?${given}`}"`,
    security.length > 0 && '-H "Authorization: OAuth $TOKEN"',
    value !== undefined && type.includes('json') && `-H 'Content-Type: ${type}' -d ${quote(JSON.stringify(value))}`,
    value !== undefined && type.includes('form') && formOf(value as Record<string, string>),
    value !== undefined && method === 'put' && '-X PUT',
  ]
    .filter(Boolean)
    .join(' \\\n  ')
}

function exampleIn(parameters: readonly ShownParameter[], name: string): string {
  return String(parameters.find(one => one.name === name)?.example ?? name)
}

function formOf(fields: Record<string, string>): string {
  return Object.entries(fields)
    .map(([name, value]) => `--data-urlencode ${quote(`${name}=${value}`)}`)
    .join(' \\\n  ')
}

/** A word of a shell. */
function quote(text: string): string {
  return `'${text.replaceAll("'", `'\\''`)}'`
}

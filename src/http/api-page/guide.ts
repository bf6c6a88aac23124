import type { Description } from './description.ts'
import { code } from './examples.ts'
import { type Content, markup, inline, paragraphs } from './markup.ts'
import { table } from './schema-text.ts'

/** What a reader needs before any operation, by its heading: each is a section of its own. */
export function guide(description: Description, url: string): { title: string; body: Content }[] {
  return [
    { title: 'Authentication', body: authentication(description, url) },
    { title: 'Formats and lists', body: paragraphs(description.info.description) },
    { title: 'Limits', body: limits(description) },
    { title: 'Errors', body: errors(description) },
  ]
}

function authentication({ components }: Description, url: string): Content {
  const scopes = Object.entries(components.securitySchemes.oauth.flows.clientCredentials.scopes)
  return markup`<p>
      A client asks for a token with its id and secret, and sends it with every request. The first start of the server
      on an empty database prints such a client; <code>lastgood client add</code> makes another. A computer that reports
      its runs sends its agent key instead, as <code>Authorization: Bearer lgk_…</code>.
    </p>
    ${code(
      'A token, and what it is for',
      `URL=${url}
TOKEN=$(curl -s "$URL/oauth2/token" -d grant_type=none \\
  -d client_id=… -d client_secret=… \\
  --data-urlencode 'scope=computers_read' | jq -r .access_token)

curl -H "Authorization: OAuth $TOKEN" \\
  "$URL/v1/general/schedule_preview?schedule=every%206h"`,
    )}
    <p>
      No scope includes another. A client is bound to one partner, account or computer and sees what is at or below it;
      anything else is answered as if it were not there.
    </p>
    ${table(
      'Scopes',
      ['Scope', 'Allows to'],
      scopes.map(
        ([name, meaning]) =>
          markup`<tr>
            <th scope="row"><code>${name}</code></th>
            <td>${meaning}</td>
          </tr>`,
      ),
    )}`
}

function limits({ components }: Description): Content {
  const rows = Object.entries(components.headers).map(
    ([name, { description }]) =>
      markup`<tr>
        <th scope="row"><code>${name.replace(/^RateLimit/, 'RateLimit-')}</code></th>
        <td>${description}</td>
      </tr>`,
  )
  return markup`<p>
      Requests are counted for each client, and for a key or token without one; a batch is one request. Every answer
      tells in its headers what is left of the minute. Who asks for more is answered 429 with
      <code>Retry-After</code> in seconds. What needs no token is counted for the address that it comes from.
    </p>
    ${table('Headers of limits', ['Header', 'Says'], rows)}`
}

function errors({ components }: Description): Content {
  const rows = Object.values(components.responses).map(({ description, content = {} }) => {
    const { error, error_description } = (content['application/json']?.example ?? {}) as Record<string, string>
    return markup`<tr>
      <th scope="row"><code>${error}</code></th>
      <td>${inline(description)}</td>
      <td>${error_description}</td>
    </tr>`
  })
  return markup`<p>
      A refusal has the same three members in every format: a constant for programs, a sentence for people that says
      what to do, and what to look for in the log of the server.
    </p>
    ${code('A refusal', JSON.stringify(components.responses['NotFound']?.content?.['application/json']?.example, null, 2))}
    ${table('Errors', ['error', 'When', 'Such as'], rows)}`
}

import { createHash } from 'node:crypto'
import type { Description } from './description.ts'
import { guide } from './guide.ts'
import { type Content, Html, markup, inline, toAnchor } from './markup.ts'
import { operationArticle, type PlacedOperation } from './operation-article.ts'
import { style } from './style.ts'

/** What a browser may load for the page: the style that is within it, and nothing else. */
export const contentSecurityPolicy = [
  "default-src 'none'",
  `style-src 'sha256-${createHash('sha256').update(style).digest('base64')}'`,
  "base-uri 'none'",
  "form-action 'none'",
  "frame-ancestors 'none'",
].join('; ')

/** Writes the page of the API from its description; `url` is where the server is reached. It needs no script and no network. */
export function writeApiPage(description: Description, url: string): string {
  const { info, tags } = description
  const sections = guide(description, url)
  const groups = tags.map(tag => ({ ...tag, operations: operationsOf(description, tag.name) }))
  return markup`<!doctype html>
    <html lang="en">
      <head>
        <meta charset="utf-8" />
        <meta name="viewport" content="width=device-width, initial-scale=1" />
        <title>${info.title} API</title>
        <style>${new Html(style)}</style>
      </head>
      <body>
        <a class="skip" href="#content">Skip to the content</a>
        <div class="frame">
          <nav aria-label="Contents">
            <ul>
              <li><a href="#content">${info.title} API</a></li>
              ${sections.map(({ title }) => entry(toAnchor(title), title))}
            </ul>
            ${groups.map(({ name, operations }) => [
              markup`<h2>${name}</h2>`,
              markup`<ul>
                ${operations.map(({ operation }) => entry(operation.operationId, toWords(operation.operationId)))}
              </ul>`,
            ])}
          </nav>
          <main id="content" tabindex="-1">
            <header>
              <h1>${info.title} API</h1>
              <p class="lead">${info.summary}</p>
              <p class="soft">
                Version ${info.version}. For programs: <a href="/openapi.json">the description as OpenAPI</a>.
              </p>
            </header>
            ${sections.map(
              ({ title, body }) =>
                markup`<section aria-labelledby="${toAnchor(title)}">
                  <h2 id="${toAnchor(title)}">${title}</h2>
                  ${body}
                </section> `,
            )}
            ${groups.map(
              ({ name, description: about, operations }) =>
                markup`<section aria-labelledby="tag-${toAnchor(name)}">
                  <h2 id="tag-${toAnchor(name)}">${name}</h2>
                  <p>${inline(about)}</p>
                  ${operations.map(placed => operationArticle(description, placed))}
                </section> `,
            )}
          </main>
        </div>
      </body>
    </html> `.text
}

function entry(anchor: string, title: Content): Content {
  return markup`<li><a href="#${anchor}">${title}</a></li>`
}

/** The name of an operation in words: getRunLog is "Get run log". */
function toWords(operationId: string): string {
  const words = operationId.replaceAll(/[A-Z]/g, letter => ` ${letter.toLowerCase()}`)
  return words.charAt(0).toUpperCase() + words.slice(1)
}

function operationsOf({ paths }: Description, tag: string): PlacedOperation[] {
  const all = Object.entries(paths).flatMap(([path, methods]) =>
    Object.entries(methods).map(([method, operation]) => ({ path, method, operation })),
  )
  return all.filter(({ operation }) => operation.tags.includes(tag))
}

import { type Content, markup, inline } from './markup.ts'
import type { Schema } from './description.ts'

/** What a value may be, in words. */
export function typeOf(schema: Schema): string {
  const { type, items, oneOf, properties } = schema
  if (items) return `array of ${items.properties ? (items.title ?? 'objects') : typeOf(items)}`
  if (oneOf) return oneOf.map(typeOf).join(' or ')
  return [type ?? (properties ? 'object' : 'any')].flat().join(' or ')
}

/** What else holds of a value: constants, bounds and the default. */
export function boundsOf(schema: Schema): Content {
  const { items, minimum, maximum, maxLength, maxItems, pattern } = schema
  const values = schema.enum ?? items?.enum
  const isBounded = maximum !== undefined && maximum < Number.MAX_SAFE_INTEGER
  const bounds = [
    values && [values.map((value, index) => [index > 0 && ' ', markup`<code>${value === '' ? '""' : value}</code>`])],
    isBounded && `${minimum ?? 0} to ${maximum}`,
    !isBounded && minimum !== undefined && `from ${minimum} on`,
    maxLength !== undefined && `at most ${maxLength} characters`,
    maxItems !== undefined && `at most ${maxItems} items`,
    pattern !== undefined && markup`matches <code>${pattern}</code>`,
    schema.default !== undefined && markup`default <code>${String(schema.default)}</code>`,
  ].filter(one => one !== undefined && one !== false)
  return bounds.map((one, index) => [index > 0 && '; ', one])
}

/** A table that can be scrolled sideways, also with the keyboard. */
export function table(label: string, heads: readonly string[], rows: Content): Content {
  return markup`<div class="scroll" role="region" aria-label="${label}" tabindex="0">
    <table>
      <thead>
        <tr>
          ${heads.map(head => markup`<th scope="col">${head}</th>`)}
        </tr>
      </thead>
      <tbody>
        ${rows}
      </tbody>
    </table>
  </div>`
}

/**
 * The members of a message as a table, those of members below them under names with a dot. What has a title in `shown` has a table
 * elsewhere.
 */
export function membersTable(label: string, schema: Schema, shown: ReadonlySet<string>): Content {
  const members = membersOf(schema, '', shown)
  if (members.length === 0) return undefined
  return table(
    label,
    ['Member', 'Type', 'Values', 'Meaning'],
    members.map(
      ({ name, member, isRequired }) =>
        markup`<tr>
          <th scope="row"><code>${name}</code></th>
          <td class="short">${typeOf(member)}${isRequired && markup`<br /><span class="soft">required</span>`}</td>
          <td>${boundsOf(member)}</td>
          <td>${inline(member.description ?? '')}</td>
        </tr>`,
    ),
  )
}

type Member = { name: string; member: Schema; isRequired: boolean }

function membersOf(schema: Schema, within: string, shown: ReadonlySet<string>): Member[] {
  const { properties = {}, required = [], items } = schema
  if (items) return isShown(items, shown) ? [] : membersOf(items, `${within.replace(/\.$/, '')}[].`, shown)
  return Object.entries(properties).flatMap(([key, member]) => [
    { name: within + key, member, isRequired: required.includes(key) },
    ...(isShown(member, shown) ? [] : membersOf(member, `${within}${key}.`, shown)),
  ])
}

function isShown({ title }: Schema, shown: ReadonlySet<string>): boolean {
  return title !== undefined && shown.has(title)
}

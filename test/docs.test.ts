import { existsSync, globSync, readFileSync } from 'node:fs'
import path from 'node:path'
import { expect, test } from 'vitest'

const root = path.resolve(import.meta.dirname, '..')
const pages = ['README.md', ...globSync('docs/**/*.md', { cwd: root })].map(page => ({ page, text: readPage(page) }))
const decisions = pages.filter(({ page }) => path.dirname(page) === path.join('docs', 'decisions'))

function readPage(page: string): string {
  return readFileSync(path.join(root, page), 'utf8')
}

test('the test of the documentation sees its pages', () => {
  expect(pages.length).toBeGreaterThan(10)
  expect(decisions.length).toBeGreaterThan(5)
})

test('every relative link of a page leads to a file', () => {
  const dead = pages.flatMap(({ page, text }) =>
    linksOf(text)
      .filter(({ file }) => !existsSync(path.resolve(root, path.dirname(page), file)))
      .map(({ link }) => `${page}: ${link}`),
  )
  expect(dead).toEqual([])
})

test('every section that a link names is a heading of its page', () => {
  const dead = pages.flatMap(({ page, text }) =>
    linksOf(text)
      .filter(({ file, section }) => section !== '' && !hasSection(file === '' ? page : besides(page, file), section))
      .map(({ link }) => `${page}: ${link}`),
  )
  expect(dead).toEqual([])
})

test('every file and folder of the source that a page names exists', () => {
  const named = pages.flatMap(({ page, text }) => sourcesIn(text).map(source => ({ page, source })))
  expect(named.length).toBeGreaterThan(50)
  expect(named.filter(({ source }) => !existsSync(path.join(root, source)))).toEqual([])
})

test('every file of the source that names a page of the documentation names one that exists', () => {
  const sources = globSync('{src,scripts,test,bench}/**/*.ts', { cwd: root })
  const dead = sources.flatMap(source =>
    [...readPage(source).matchAll(/\bdocs\/[\w./-]+\.md\b/g)]
      .filter(([page]) => !existsSync(path.join(root, page)))
      .map(([page]) => `${source}: ${page}`),
  )
  expect(dead).toEqual([])
})

test('a decision has a number of its own, a context, a decision and consequences, in at most 40 lines', () => {
  const wrong = decisions.filter(({ page, text }) => {
    const number = Number(/^(\d{4})-[a-z0-9-]+\.md$/.exec(path.basename(page))?.[1])
    const headings = [...text.matchAll(/^## (.+)$/gm)].map(([, heading]) => heading)
    const isComplete = headings.join() === 'Context,Decision,Consequences' && text.startsWith(`# ${number}. `)
    return !isComplete || text.trimEnd().split('\n').length > 40
  })
  expect(wrong.map(({ page }) => page)).toEqual([])
  const numbers = decisions.map(({ page }) => path.basename(page).slice(0, 4))
  expect(new Set(numbers).size).toBe(numbers.length)
})

type Link = { link: string; file: string; section: string }

/** The relative links of a page; `file` is empty for a link within the page. */
function linksOf(text: string): Link[] {
  const links = [...withoutCode(text).matchAll(/\]\(([^)\s]+)\)/g)].map(match => match[1] ?? '')
  return links
    .filter(link => !/^[a-z][a-z0-9+.-]*:/i.test(link))
    .map(link => {
      const [file = '', section = ''] = link.split('#')
      return { link, file, section }
    })
}

/** What a page says outside of its examples. */
function withoutCode(text: string): string {
  return text.replaceAll(/^```[^]*?^```$/gm, '').replaceAll(/`[^`\n]*`/g, '')
}

/** The page that `file` names in a link on `page`. */
function besides(page: string, file: string): string {
  return path.join(path.dirname(page), file)
}

/** Whether a page has a heading of this name, written as in links: lower case, hyphens for spaces, no punctuation. */
function hasSection(page: string, section: string): boolean {
  if (!existsSync(path.join(root, page))) return false
  const headings = [...readPage(page).matchAll(/^#+ (.+)$/gm)].map(([, heading = '']) =>
    heading
      .toLowerCase()
      .replaceAll(/[^\p{L}\p{N} _-]/gu, '')
      .replaceAll(' ', '-'),
  )
  return headings.includes(section)
}

/** The files and folders below `src/`, `test/`, `bench/` and `scripts/` that a page names, but for patterns. */
function sourcesIn(text: string): string[] {
  const pattern = /(?<![\w./-])(?:src|test|bench|scripts)\/(?:[\w.-]+\/)*(?:[\w.-]+\.(?:tsx?|js|json|md))?(?![\w<*])/g
  return [...text.matchAll(pattern)].map(([source]) => source)
}

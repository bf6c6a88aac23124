import { globSync, readFileSync } from 'node:fs'
import path from 'node:path'
import { expect, test } from 'vitest'

const upToFloor3 = [
  'domain',
  'app',
  'wire',
  'backup-tools',
  'storage',
  'channels',
  'webhooks',
  'reports',
  'http',
  'smtp',
]

/** What each folder of `src/` may import besides itself. The folder tree is the architecture; this is its law. */
const mayImport: Record<string, string[]> = {
  domain: [],
  app: ['domain'],
  wire: ['domain'],
  'backup-tools': ['domain'],
  storage: ['domain', 'app'],
  channels: ['domain', 'app'],
  webhooks: ['domain', 'app'],
  reports: ['domain', 'app', 'wire'],
  http: ['domain', 'app', 'wire', 'backup-tools', 'webhooks', 'reports'],
  smtp: ['domain', 'app', 'backup-tools'],
  // It leaves the checkout, so that it brings along nothing of it.
  client: [],
  cli: [...upToFloor3, 'client', 'compose.ts', 'config.ts'],
  'compose.ts': [...upToFloor3, 'config.ts'],
  'config.ts': upToFloor3,
}

const root = path.resolve(import.meta.dirname, '../src')
const sources = globSync('**/*.ts', { cwd: root }).filter(file => !file.endsWith('.test.ts'))
const imports = sources.flatMap(file => importsOf(file).map(target => ({ file, target })))

function importsOf(file: string): string[] {
  const text = readFileSync(path.join(root, file), 'utf8')
  const pattern = /(?:\bfrom|\bimport)\s*\(?\s*'([^']+)'|new URL\('(\.[^']+\.ts)'/g
  return [...text.matchAll(pattern)].map(match => match[1] ?? match[2] ?? '')
}

/** The folder directly below `src/` that a file lies in, or the file itself. */
function floorOf(file: string): string {
  return file.split(path.sep)[0] ?? file
}

test('the test of the floors sees the imports of the program', () => {
  expect(sources.length).toBeGreaterThan(50)
  expect(imports.length).toBeGreaterThan(200)
})

test('every file lies on a floor', () => {
  expect(sources.filter(file => !(floorOf(file) in mayImport))).toEqual([])
})

test('a file imports from its own folder and from lower floors only', () => {
  const wrong = imports.filter(({ file, target }) => {
    if (!target.startsWith('.')) return false
    const resolved = path.relative(root, path.resolve(root, path.dirname(file), target))
    if (resolved.startsWith('..')) return resolved !== path.join('..', 'package.json')
    const [from, to] = [floorOf(file), floorOf(resolved)]
    return from !== to && !mayImport[from]?.includes(to)
  })
  expect(wrong).toEqual([])
})

test('relative imports name the file with its ending', () => {
  const wrong = imports.filter(({ target }) => target.startsWith('.') && !/\.(?:ts|json)$/.test(target))
  expect(wrong).toEqual([])
})

test('the client is of the language and the platforms that have fetch, and of nothing else', () => {
  const wrong = imports.filter(({ file, target }) => floorOf(file) === 'client' && !target.startsWith('.'))
  expect(wrong).toEqual([])
})

test('the dashboard knows the messages of the server by their types, and nothing else of it', () => {
  const web = path.resolve(root, '../web')
  const files = globSync('**/*.{ts,tsx}', { cwd: web })
  expect(files.length).toBeGreaterThan(10)
  const lines = files.flatMap(file => readFileSync(path.join(web, file), 'utf8').split('\n'))
  const ofServer = lines.filter(line => /from '[^']*\/src\//.test(line))
  expect(ofServer.length).toBeGreaterThan(3)
  expect(ofServer.filter(line => !/^import type .* from '[./]+\/src\/wire\//.test(line))).toEqual([])
})

test('the domain knows no clock, no randomness and no platform', () => {
  const wrong = sources.filter(file => {
    if (floorOf(file) !== 'domain') return false
    const text = readFileSync(path.join(root, file), 'utf8')
    return /\bDate\.now\(|new Date\(\)|Math\.random|from 'node:|\basync\b|\bawait\b|process\./.test(text)
  })
  expect(wrong).toEqual([])
})

test('no file has a default export, and only registries are called index', () => {
  const registries = new Set([
    'backup-tools',
    'channels',
    'reports',
    'webhooks',
    path.join('storage', 'migrations'),
    path.join('http', 'routes'),
  ])
  const wrong = sources.filter(file => {
    const isIndex = path.basename(file) === 'index.ts'
    const text = readFileSync(path.join(root, file), 'utf8')
    return /^export default/m.test(text) || (isIndex && !registries.has(path.dirname(file)))
  })
  expect(wrong).toEqual([])
})

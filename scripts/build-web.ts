import { existsSync, globSync, readFileSync, writeFileSync } from 'node:fs'
import { createRequire } from 'node:module'
import path from 'node:path'
import { brotliCompressSync, constants, gzipSync } from 'node:zlib'

/**
 * Builds the dashboard into `dist/web`, each of its files also as browsers take them compressed. Runs with `npm ci`. An
 * installation without the packages of development keeps what is there, and else has no dashboard.
 */
const root = path.resolve(import.meta.dirname, '..')
const folder = path.join(root, 'dist/web')

if (isInstalled('vite')) await buildDashboard()
else if (!existsSync(path.join(folder, 'index.html'))) {
  process.stdout.write('The dashboard is not built: that takes `npm ci` without --omit=dev.\n')
}

function isInstalled(name: string): boolean {
  try {
    createRequire(import.meta.url).resolve(`${name}/package.json`)
    return true
  } catch {
    // Not to be found is what is asked about.
    return false
  }
}

async function buildDashboard(): Promise<void> {
  // Whatever it is for whoever calls: else the libraries would be those of development.
  process.env['NODE_ENV'] = 'production'
  const { build } = await import('vite')
  await build({ root: path.join(root, 'web'), configFile: path.join(root, 'vite.config.ts'), logLevel: 'warn' })
  const assets = path.join(folder, 'assets')
  const files = globSync('*', { cwd: assets })
  for (const file of files) compress(path.join(assets, file))
  const scripts = files.filter(file => file.endsWith('.js'))
  const kilobytes = Math.round(scripts.reduce((sum, file) => sum + sizeOf(path.join(assets, `${file}.br`)), 0) / 1_000)
  process.stdout.write(`The dashboard is built: ${kilobytes} kB of script over the wire.\n`)
}

function compress(file: string): void {
  const bytes = readFileSync(file)
  const params = { [constants.BROTLI_PARAM_QUALITY]: constants.BROTLI_MAX_QUALITY }
  writeFileSync(`${file}.br`, brotliCompressSync(bytes, { params }))
  writeFileSync(`${file}.gz`, gzipSync(bytes, { level: 9 }))
}

function sizeOf(file: string): number {
  return readFileSync(file).length
}

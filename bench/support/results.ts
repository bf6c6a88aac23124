import { writeFileSync } from 'node:fs'
import { cpus, release, totalmem } from 'node:os'
import Table from 'cli-table3'
import type { Cores } from './cores.ts'
import { coresUsed, cpuUsPerRequest, median, ratio, requestsPerSecond, type Sample } from './measure.ts'
import { type Options, resultsFolder } from './options.ts'

/** A promise of the design and the figure that was measured for it. */
export type Promised = { what: string; promise: string; measured: number; isKept: boolean }

/** Servers that took turns under the same load; the first one is what the others are compared with. */
export type Comparison = { title: string; samples: Map<string, Sample[]> }

/** All that a benchmark found out. */
export type Results = {
  benchmark: string
  options: Options
  cores: Cores
  generator: string
  comparisons: Comparison[]
  promises: Promised[]
  /** Further figures by name. */
  figures?: Record<string, number>
}

/** A figure that must be at least `least`. */
export function atLeast(what: string, least: number, measured: number): Promised {
  return { what, promise: `≥ ${format(least)}`, measured, isKept: measured >= least }
}

/** A figure that must be at most `most`. */
export function atMost(what: string, most: number, measured: number): Promised {
  return { what, promise: `≤ ${format(most)}`, measured, isKept: measured <= most }
}

/** Prints the results as tables, and writes them to `bench/results/<benchmark>.json`. */
export function publish(results: Results): void {
  const { benchmark, comparisons, promises, figures = {} } = results
  for (const comparison of comparisons) print(`\n${comparison.title}\n${toTable(comparison)}`)
  const lines = Object.entries(figures).map(([name, figure]) => `${name}: ${format(figure)}`)
  if (lines.length > 0) print(`\n${lines.join('\n')}`)
  if (comparisons.some(isDisturbed)) {
    print('\nA server did not get a whole core: rates say little about it, CPU per request still does.')
  }
  print(`\nPromises of the design; medians of ${results.options.rounds} rounds\n${toPromiseTable(promises)}`)
  const file = `${resultsFolder}${benchmark}.json`
  writeFileSync(file, `${JSON.stringify(toJson(results), null, 2)}\n`)
  print(`\nLoad by ${results.generator}; server on core ${results.cores.server ?? 'any'}. Written to ${file}`)
}

function toTable({ samples }: Comparison): string {
  const table = new Table({
    head: [
      'server',
      'requests/s',
      'best',
      'cores used',
      'CPU µs/request',
      'p50 ms',
      'p99 ms',
      'worst p99',
      'of baseline',
      'by CPU',
    ],
    colAligns: ['left', ...Array.from({ length: 9 }, () => 'right' as const)],
    style: { head: [], border: [], compact: true },
  })
  const [baseline] = samples.values()
  for (const [name, rounds] of samples) {
    const summary = summarize(rounds)
    table.push([
      name,
      ...[summary.requestsPerSecond, summary.bestRequestsPerSecond, summary.coresUsed, summary.cpuUsPerRequest].map(
        format,
      ),
      ...[summary.p50Ms, summary.p99Ms, summary.worstP99Ms].map(format),
      ...[ratio(requestsPerSecond, rounds, baseline), ratio(cpuUsPerRequest, baseline, rounds)].map(format),
    ])
  }
  return table.toString()
}

function isDisturbed({ samples }: Comparison): boolean {
  return [...samples.values()].some(rounds => median(rounds.map(coresUsed)) < 0.9)
}

function toPromiseTable(promises: Promised[]): string {
  const table = new Table({
    head: ['promise', 'promised', 'measured', ''],
    colAligns: ['left', 'right', 'right', 'left'],
    style: { head: [], border: [], compact: true },
  })
  for (const { what, promise, measured, isKept } of promises) {
    table.push([what, promise, format(measured), isKept ? 'kept' : 'NOT KEPT'])
  }
  return table.toString()
}

/** The medians of some rounds, and their best and worst. */
function summarize(rounds: Sample[]) {
  const rates = rounds.map(requestsPerSecond)
  const p99s = rounds.map(({ latencyMs }) => latencyMs.p99)
  return {
    requestsPerSecond: median(rates),
    bestRequestsPerSecond: Math.max(...rates),
    coresUsed: median(rounds.map(coresUsed)),
    cpuUsPerRequest: median(rounds.map(cpuUsPerRequest)),
    p50Ms: median(rounds.map(({ latencyMs }) => latencyMs.p50)),
    p99Ms: median(p99s),
    worstP99Ms: Math.max(...p99s),
  }
}

function toJson({ comparisons, ...others }: Results): object {
  const [cpu] = cpus()
  return {
    ...others,
    at: new Date().toISOString(),
    // All cores of the machine, and not those that this process is pinned to.
    machine: {
      cpu: cpu?.model,
      cores: cpus().length,
      memoryBytes: totalmem(),
      kernel: release(),
      node: process.version,
    },
    comparisons: comparisons.map(({ title, samples }) => ({
      title,
      servers: [...samples].map(([name, rounds]) => ({ name, ...summarize(rounds), rounds })),
    })),
  }
}

/** A figure as people read it. */
export function format(figure: number): string {
  if (Number.isNaN(figure)) return '–'
  if (Math.abs(figure) >= 1_000) return Math.round(figure).toLocaleString('en-US')
  return figure.toFixed(Math.abs(figure) >= 10 ? 1 : 2)
}

function print(text: string): void {
  process.stdout.write(`${text}\n`)
}

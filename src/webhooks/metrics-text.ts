import { AppError } from '../domain/app-error.ts'

/** One sample: its name, its labels as they stand between the braces, and its value. */
export type MetricSample = { name: string; labels: string; value: number }

const sample =
  /^([A-Za-z_:][\w:]{0,200})(?:\{((?:[^"{}]|"(?:\\.|[^"\\])*")*)\})?[ \t]+([+-]?[\d.eE+-]{1,40}|[+-]?Inf|NaN)(?:[ \t]+-?\d{1,20})?[ \t]*$/
const longestLine = 10_000

/**
 * Reads metrics in the text format of Prometheus 0.0.4 ("Exposition formats"), comments left out. Throws `invalid`, naming
 * the line, for a text that is something else.
 */
export function parseMetrics(text: string): MetricSample[] {
  const samples: MetricSample[] = []
  for (const [index, line] of text.split(/\r?\n/).entries()) {
    if (line.trim() === '' || line.startsWith('#')) continue
    const match = line.length > longestLine ? null : sample.exec(line)
    if (!match) throw new AppError('invalid', `Line ${index + 1} of the body is not a metric in the text format.`)
    const [, name = '', labels = '', value = ''] = match
    samples.push({ name, labels: labels.replace(/,\s*$/, ''), value: toNumber(value) })
  }
  return samples
}

function toNumber(text: string): number {
  if (text.endsWith('Inf')) return text.startsWith('-') ? -Infinity : Infinity
  return Number(text)
}

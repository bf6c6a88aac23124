import { AppError } from '../domain/app-error.ts'
import type { BodyReading } from '../domain/ping-end.ts'
import { toSlug } from '../domain/slug.ts'
import { toCount } from './hook-text.ts'
import { type MetricSample, parseMetrics } from './metrics-text.ts'
import { isPingId, toNamedSlug } from './named-set.ts'
import { aDoubt, aFailure, aFinishedBackup } from './readings.ts'
import { plainReply, textReply } from './replies.ts'
import type { Delivery, HookName, Webhook } from './webhook.ts'

const tool = 'resticprofile'
const prefix = 'resticprofile_backup_'
const mostProfiles = 100

/**
 * Metrics as the Prometheus Pushgateway takes them, `PUT|POST …/metrics/job/<job>{/label/value}`, in the text format. Those of
 * resticprofile (`prometheus-push`) are read; others are kept in the log. Behind the server's own address the set is named
 * by HTTP Basic: its UUID as the password; or a ping key, with the slug as the user or as the job.
 * Format: Pushgateway, README; resticprofile manual, "Prometheus", and its source.
 */
export const pushgatewayHook: Webhook = {
  name: 'pushgateway',
  sender: 'resticprofile (prometheus-push)',
  methods: ['PUT', 'POST', 'DELETE'],
  native: {
    routes: ['/metrics/job/*', '/metrics/job@base64/*'],
    name: ({ path, headers }) => nameOf(path, headers['authorization']),
  },
  setup: { rest: '', paste: 'prometheus-push of the profile, with extended-status: true under backup' },
  read({ method, path, rest, headers, body }) {
    if (method === 'DELETE') return { kind: 'nothing' }
    if (!/^metrics\/job(?:@base64)?\/[^/]/.test(rest || path.slice(1))) {
      throw new AppError('invalid', 'The path must go on with /metrics/job/ and the name of a job.')
    }
    if (/protobuf/i.test(headers['content-type'] ?? '')) {
      throw new AppError('invalid', 'Metrics are read as text only: set prometheus-push-format to text.')
    }
    return readMetrics(body)
  },
  reply: outcome =>
    outcome.kind === 'accepted' ? textReply(outcome.request.method === 'DELETE' ? 202 : 200, '') : plainReply(outcome),
}

function nameOf(path: string, authorization: string | undefined): HookName | null {
  const credentials = /^basic +([A-Za-z0-9+/=]{1,1000}) *$/i.exec(authorization ?? '')?.[1]
  if (credentials === undefined) return null
  const text = Buffer.from(credentials, 'base64').toString('utf8')
  const [user, password] = [text.split(':', 1)[0] ?? '', text.slice(text.indexOf(':') + 1)]
  if (isPingId(password)) return { sets: [{ form: 'id', pingId: password }], rest: '', mayCreate: false }
  const named = toNamedSlug(password, user === '' ? slugOfJob(path) : user)
  return named && { sets: [named], rest: '', mayCreate: false }
}

function slugOfJob(path: string): string {
  const [, , job = '', value = ''] = path.split('/')
  return toSlug(job === 'job@base64' ? Buffer.from(value, 'base64url').toString('utf8') : value)
}

function readMetrics(body: string): Delivery {
  const samples = parseMetrics(body)
  const statuses = samples.filter(({ name }) => name === `${prefix}status`)
  if (statuses.length > mostProfiles) {
    throw new AppError('invalid', `The body has the metrics of more than ${mostProfiles} profiles.`)
  }
  const groups = Map.groupBy(samples, ({ labels }) => labels)
  const profiles = statuses.map(status => toProfile(status, groups.get(status.labels) ?? []))
  if (profiles.length === 0) {
    return { kind: 'signal', signal: 'log', exitStatus: null, series: null, reading: null, log: body }
  }
  const ends = profiles.map(profile => profile.endedAt).filter(at => at !== null)
  const starts = profiles.map(profile => profile.startedAt).filter(at => at !== null)
  return {
    kind: 'run',
    reading: toReading(profiles),
    startedAt: starts.length === 0 ? null : Math.min(...starts),
    endedAt: ends.length === 0 ? null : Math.max(...ends),
    durationMs: null,
    identity:
      ends.length === profiles.length ? JSON.stringify(profiles.map(({ labels, endedAt }) => [labels, endedAt])) : null,
    log: body,
  }
}

type Profile = {
  labels: string
  status: number
  endedAt: number | null
  startedAt: number | null
  files: number | null
  newFiles: number | null
  bytes: number | null
}

function toProfile({ labels, value }: MetricSample, samples: readonly MetricSample[]): Profile {
  const own = new Map(samples.map(sample => [sample.name, sample.value]))
  const valueOf = (name: string) => own.get(`${prefix}${name}`) ?? Number.NaN
  const sumOf = (...names: readonly string[]) => toCount(names.reduce((sum, name) => sum + valueOf(name), 0))
  // Without extended-status every count is 0, also that of the folders, of which every source has one.
  const isCounted = (sumOf('dir_new', 'dir_changed', 'dir_unmodified') ?? 0) > 0 || valueOf('files_processed') > 0
  const [end, took] = [valueOf('time_seconds') * 1_000, valueOf('duration_seconds') * 1_000]
  const endedAt = Number.isSafeInteger(Math.round(end)) && end > 0 ? Math.round(end) : null
  return {
    labels,
    status: value,
    endedAt,
    startedAt: endedAt !== null && took >= 0 && took < endedAt ? Math.round(endedAt - took) : null,
    files: isCounted ? sumOf('files_processed') : null,
    newFiles: isCounted ? sumOf('files_new', 'files_changed') : null,
    bytes: isCounted ? sumOf('added_bytes') : null,
  }
}

/** Of several profiles the worst status: 0 is a failure, 1 a warning, 2 a success, and nothing else is known. */
function toReading(profiles: readonly Profile[]): BodyReading {
  const worst = Math.min(...profiles.map(({ status }) => status))
  const unknown = profiles.find(({ status }) => ![0, 1, 2].includes(status))
  if (worst !== 0 && unknown !== undefined) {
    throw new AppError('invalid', `${prefix}status must be 0, 1 or 2, not ${unknown.status}.`)
  }
  const reading =
    worst === 2
      ? aFinishedBackup(tool)
      : worst === 1
        ? aDoubt(tool, '', 'resticprofile told a warning: restic could not read everything.')
        : aFailure(tool, '', 'resticprofile told a failure; its own log says why.')
  // A failed run counts nothing, and sends zeros.
  if (reading.state === 'failed') return reading
  const files = sum(profiles.map(profile => profile.files))
  return {
    ...reading,
    totalFiles: files,
    processedFiles: files,
    newFiles: sum(profiles.map(profile => profile.newFiles)),
    bytes: sum(profiles.map(profile => profile.bytes)),
  }
}

/** The sum of what is known, unless a part of it is not. */
function sum(counts: readonly (number | null)[]): number | null {
  return counts.reduce((total, count) => (total === null || count === null ? null : toCount(total + count)), 0)
}

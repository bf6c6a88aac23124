import type { RunReport } from '../../client/client.ts'
import { days, hours, type Instant, minutes } from '../../domain/instant.ts'
import { formatLocalTime, toLocalTime } from '../../domain/local-time.ts'
import type { Plugin } from '../../domain/run.ts'

/** A run that a computer of the demo fleet reports: a structured report, or what a backup tool printed. */
export type FleetRun = { json: RunReport } | { query: ToolRun; output: string }

/** What is said of a run whose output is reported. */
export type ToolRun = { backupset: string; tool: string; exit_status: string; local_start: string; local_end: string }

/** A backup set of which something is expected since `since`. */
export type FleetSet = { name: string; plugin: Plugin; schedule: string; since: Instant }

/** `past` names the backup set that has been backed up for longer than one night. */
export type FleetComputer = { name: string; sets?: FleetSet[]; past?: string; runs: FleetRun[] }
export type FleetAccount = { username: string; name: string; timeZone: string; computers: FleetComputer[] }

/**
 * The fleet of the demo: three customers in three time zones whose last night went as nights go. Every condition type
 * occurs in it.
 */
export function buildFleet(now: Instant): FleetAccount[] {
  const night = buildNight(now)
  return [
    {
      username: 'bakery',
      name: 'Corner Bakery',
      timeZone: 'America/New_York',
      computers: [
        {
          name: 'File server',
          past: 'Documents',
          runs: [
            night('America/New_York', 'Documents', 9, 62, {
              total_files: 48_211,
              processed_files: 48_211,
              new_files: 377,
              bytes: 812_334_080,
            }),
            night('America/New_York', 'Photos', 8, 4, {
              total_files: 9_120,
              processed_files: 9_120,
              new_files: 0,
              bytes: 0,
            }),
            night('America/New_York', 'Mail', 7, 10, {
              status: 'CANCELED',
              warnings: 2,
              messages: [
                { level: 'WARNING', text: 'mailbox orders: locked, skipped' },
                { level: 'WARNING', text: 'mailbox info: locked, skipped' },
              ],
            }),
          ],
        },
        {
          name: 'Cash desk',
          runs: [
            night('America/New_York', 'Ledger', 6, 3, { plugin: 'SQL', bytes: 0 }),
            night('America/New_York', 'Receipts', 6, 1, { total_files: 0, processed_files: 0, bytes: 0 }),
          ],
        },
      ],
    },
    {
      username: 'clinic',
      name: 'Harbour Clinic',
      timeZone: 'Europe/Berlin',
      computers: [
        {
          name: 'db1',
          // Every three hours, and the last one was two days ago.
          sets: [{ name: 'Appointments', plugin: 'sql', schedule: 'cron 0 */3 * * *', since: now - days(3) }],
          runs: [
            night('Europe/Berlin', 'Appointments', 48, 4, { bytes: 91_226_112 }),
            night('Europe/Berlin', 'Patients', 5, 41, {
              plugin: 'SQL',
              total_files: 112,
              processed_files: 112,
              bytes: 6_442_450_944,
            }),
            night('Europe/Berlin', 'Archive', 5, 7, { status: undefined, exit_status: 137 }),
            night('Europe/Berlin', 'Images', 30, 0, {
              status: 'RUNNING',
              total_files: 220_000,
              processed_files: 3_118,
            }),
          ],
        },
        {
          name: 'nas01',
          runs: [
            resticRun(now, 'Home folders', 5, 3, unreadableOutput),
            resticRun(now, 'Offsite copy', 4, 1, 'Fatal: unable to open config file: dial tcp: connection refused\n'),
          ],
        },
      ],
    },
    {
      username: 'school',
      name: 'River School',
      timeZone: 'Asia/Tokyo',
      computers: [
        {
          name: 'Library',
          runs: [
            night('Asia/Tokyo', 'Catalogue', 1, 0, { status: 'RUNNING', total_files: 5_000, processed_files: 1_250 }),
            {
              json: {
                ...times('Asia/Tokyo', now - hours(3), 5),
                type: 'RESTORE',
                status: 'SUCCESS',
                processed_files: 0,
              },
            },
            {
              json: {
                ...times('Asia/Tokyo', now - hours(2), 2),
                type: 'DELETE',
                status: 'SUCCESS',
                processed_files: 0,
              },
            },
          ],
        },
        {
          name: '図書室 PC 2',
          runs: [
            night('Asia/Tokyo', 'Unterlagen – Büro', 2, 12, {
              total_files: 31,
              processed_files: 31,
              new_files: 4,
              bytes: 90_112,
            }),
          ],
        },
      ],
    },
  ]
}

const unreadableOutput = `{"message_type":"error","error":{"message":"open /home/private.key: permission denied"},"during":"archival","item":"/home/private.key"}
{"message_type":"summary","files_new":12,"files_changed":3,"files_unmodified":8411,"dirs_new":1,"dirs_changed":4,"dirs_unmodified":902,"data_added":5242880,"total_files_processed":8426,"total_bytes_processed":9663676416,"total_duration":71.4,"snapshot_id":"9b6b490d"}
Warning: at least one source file could not be read
`

function buildNight(now: Instant) {
  return (zone: string, set: string, hoursAgo: number, tookMinutes: number, facts: RunReport): FleetRun => ({
    json: { backupset_name: set, status: 'SUCCESS', ...times(zone, now - hours(hoursAgo), tookMinutes), ...facts },
  })
}

function times(zone: string, startedAt: Instant, tookMinutes: number): RunReport {
  const text = (at: Instant) => formatLocalTime(toLocalTime(at, zone))
  return { local_start: text(startedAt), local_end: tookMinutes === 0 ? '' : text(startedAt + minutes(tookMinutes)) }
}

function resticRun(now: Instant, set: string, hoursAgo: number, exitStatus: number, output: string): FleetRun {
  const at = now - hours(hoursAgo)
  const text = (instant: Instant) => formatLocalTime(toLocalTime(instant, 'Europe/Berlin'))
  const when = { local_start: text(at), local_end: text(at + minutes(2)) }
  return { query: { backupset: set, tool: 'restic', exit_status: String(exitStatus), ...when }, output }
}

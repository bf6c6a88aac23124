import type { LocalTime } from '../domain/local-time.ts'
import { readZonedTime } from './zoned-time.ts'

const months = ['Jan', 'Feb', 'Mar', 'Apr', 'May', 'Jun', 'Jul', 'Aug', 'Sep', 'Oct', 'Nov', 'Dec']

/** A time as mails write it with its offset (RFC 5322, 3.3): `Thu, 02 Jan 2020 03:04:05 +0000`; null for anything else. */
export function readMailTime(text: string): LocalTime | null {
  const match = /^[A-Z][a-z]{2}, (\d{1,2}) ([A-Z][a-z]{2}) (\d{4}) (\d\d:\d\d:\d\d) ([+-]\d{4})$/.exec(text)
  if (!match) return null
  const [, day = '', month = '', year, time, offset] = match
  const monthNumber = String(months.indexOf(month) + 1).padStart(2, '0')
  return readZonedTime(`${year}-${monthNumber}-${day.padStart(2, '0')}T${time}${offset}`)
}

/** The earliest of the times that are known. */
export function earliestTime(times: readonly (LocalTime | null)[]): LocalTime | null {
  return times.reduce((one, other) => (one && other ? (one.at <= other.at ? one : other) : (one ?? other)), null)
}

/** The latest of the times that are known. */
export function latestTime(times: readonly (LocalTime | null)[]): LocalTime | null {
  return times.reduce((one, other) => (one && other ? (one.at >= other.at ? one : other) : (one ?? other)), null)
}

import { useEffect, useState } from 'react'
import { useLanguage } from '../language.tsx'

const units: [Intl.RelativeTimeFormatUnit, number][] = [
  ['year', 365 * 86_400_000],
  ['month', 30 * 86_400_000],
  ['day', 86_400_000],
  ['hour', 3_600_000],
  ['minute', 60_000],
]

/** A date as the server writes it, on the clock that it was written on; hovering tells it on the reader's own. */
export function Moment({ date, isRelative = false }: { date: string; isRelative?: boolean }) {
  const { locale } = useLanguage()
  const now = useNow(isRelative)
  if (date === '') return null
  const at = Date.parse(date)
  const own = new Intl.DateTimeFormat(locale, { dateStyle: 'full', timeStyle: 'long' }).format(at)
  return (
    <time dateTime={date} title={own}>
      {isRelative ? toRelative(at, now, locale) : toWallClock(date, locale)}
    </time>
  )
}

/** What the clock showed that the date was written on: the time zone of the reader does not matter. */
export function toWallClock(date: string, locale: string): string {
  const wall = Date.parse(`${date.slice(0, 19)}Z`)
  return new Intl.DateTimeFormat(locale, { dateStyle: 'medium', timeStyle: 'short', timeZone: 'UTC' }).format(wall)
}

function toRelative(at: number, now: number, locale: string): string {
  const format = new Intl.RelativeTimeFormat(locale, { numeric: 'auto', style: 'short' })
  const difference = at - now
  const [unit, size] = units.find(([, length]) => Math.abs(difference) >= length) ?? ['minute', 60_000]
  return format.format(Math.round(difference / size), unit)
}

function useNow(isTicking: boolean): number {
  const [now, setNow] = useState(() => Date.now())
  useEffect(() => {
    if (!isTicking) return undefined
    const ticking = window.setInterval(() => setNow(Date.now()), 30_000)
    return () => window.clearInterval(ticking)
  }, [isTicking])
  return now
}

import { useMemo } from 'react'
import { useLanguage } from '../language.tsx'

const byteUnits = ['byte', 'kilobyte', 'megabyte', 'gigabyte', 'terabyte', 'petabyte'] as const

/** How the reader writes numbers and sizes: `bytes` takes bytes, `duration` milliseconds. */
export function useFormats() {
  const { locale } = useLanguage()
  return useMemo(() => {
    const number = new Intl.NumberFormat(locale)
    const bytes = byteUnits.map(
      unit => new Intl.NumberFormat(locale, { style: 'unit', unit, maximumSignificantDigits: 3 }),
    )
    const duration = new Intl.DurationFormat(locale, { style: 'narrow' })
    return {
      number: (value: number) => number.format(value),
      bytes: (value: number) => {
        const power = Math.min(Math.max(Math.floor(Math.log10(value) / 3), 0), byteUnits.length - 1)
        return bytes[power]?.format(value / 1_000 ** power) ?? ''
      },
      duration: (milliseconds: number) => duration.format(toDuration(milliseconds)),
    }
  }, [locale])
}

/** The two greatest units of a time; below a second it is none at all. */
function toDuration(milliseconds: number): { days?: number; hours?: number; minutes?: number; seconds?: number } {
  const seconds = Math.round(milliseconds / 1_000)
  if (seconds < 60) return { seconds }
  if (seconds < 3_600) return { minutes: Math.floor(seconds / 60), seconds: seconds % 60 }
  if (seconds < 86_400) return { hours: Math.floor(seconds / 3_600), minutes: Math.floor((seconds % 3_600) / 60) }
  return { days: Math.floor(seconds / 86_400), hours: Math.floor((seconds % 86_400) / 3_600) }
}

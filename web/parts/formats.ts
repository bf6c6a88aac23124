import { useMemo } from 'react'
import { useLanguage } from '../language.tsx'

/** How the reader writes numbers and sizes: `bytes` takes bytes, `duration` milliseconds. */
export function useFormats() {
  const { locale } = useLanguage()
  return useMemo(() => {
    const number = new Intl.NumberFormat(locale)
    const bytes = new Intl.NumberFormat(locale, {
      notation: 'compact',
      style: 'unit',
      unit: 'byte',
      unitDisplay: 'narrow',
    })
    const duration = new Intl.DurationFormat(locale, { style: 'narrow' })
    return {
      number: (value: number) => number.format(value),
      bytes: (value: number) => bytes.format(value),
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

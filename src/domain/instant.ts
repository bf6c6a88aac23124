/** A point in time: milliseconds since 1970-01-01T00:00:00Z. */
export type Instant = number

/** `count` seconds in milliseconds. */
export const seconds = (count: number): number => count * 1_000

/** `count` minutes in milliseconds. */
export const minutes = (count: number): number => count * 60_000

/** `count` hours in milliseconds. */
export const hours = (count: number): number => count * 3_600_000

/** `count` days of 24 hours in milliseconds. */
export const days = (count: number): number => count * 86_400_000

/** The greatest instant that has a four-digit year: 9999-12-31T23:59:59.999Z. */
export const lastInstant: Instant = 253_402_300_799_999

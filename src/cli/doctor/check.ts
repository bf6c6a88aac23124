/** What a check found, worst first. */
export const checkStatuses = ['FAILURE', 'WARNING', 'OK'] as const
export type CheckStatus = (typeof checkStatuses)[number]

/** One thing that was looked at, and a sentence that says how it is and what to do. */
export type Check = { check: string; status: CheckStatus; message: string }

/** It is as it should be. */
export const ok = (check: string, message: string): Check => ({ check, status: 'OK', message })

/** It works, or was not looked at, but somebody should know. */
export const warn = (check: string, message: string): Check => ({ check, status: 'WARNING', message })

/** It does not work. */
export const fail = (check: string, message: string): Check => ({ check, status: 'FAILURE', message })

import { backupStatus } from './backup-status.ts'

/** Every report there is. */
export const reports = [backupStatus]

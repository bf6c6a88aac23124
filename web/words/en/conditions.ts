export const status = {
  FAILURE: 'Failure',
  WARNING: 'Warning',
  RUNNING: 'Running',
  COMPLETED: 'Completed',
  NONE: 'Not due yet',
}

export const types = {
  EXCEPTION: 'ended before it was done',
  ERRORS: 'had errors',
  MISSED: 'was missed',
  CANCELED: 'was cancelled',
  WARNINGS: 'had warnings',
  NO_EXCHANGE_OR_SQL_DATA_BACKED_UP: 'backed up no database or mailbox',
  NO_FILE_DATA_BACKED_UP: 'backed up no file',
  NO_DATA_RESTORED: 'restored nothing',
  NO_DATA_DELETED: 'deleted nothing',
  RUNNING: 'is running',
  COMPLETED: 'completed',
}

export const nextSteps = {
  RUN_AGAIN: 'See where it ended, and run it again.',
  READ_LOG: 'Read what its log says, mend that, and run it again.',
  CHECK_SCHEDULER: 'Check that the computer is on and that its scheduler starts the backup.',
  CHECK_COMPUTER: 'Check that the computer is on and can reach this server.',
  RUN_NOW: 'Run a backup now: the last good one is too old.',
  CHECK_SELECTION: 'Check what the backup selects: it found nothing to back up.',
  NOTHING: 'Nothing to do.',
}

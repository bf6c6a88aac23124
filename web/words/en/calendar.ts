export const calendar = {
  title: 'Day by day',
  statuses: {
    FAILURE: 'Failure',
    WARNING: 'Warning',
    UNKNOWN: 'Unknown: no server was awake',
    RUNNING: 'Only running',
    COMPLETED: 'Good',
    NONE: 'Nothing known',
  },
  away: (minutes: number) => `no server was awake for ${minutes} minutes`,
  badDays: (days: number) => (days === 1 ? 'One day was not good' : `${days} days were not good`),
  lastDays: (days: number) => `The last ${days} days`,
  noDays: 'Nothing known of the last days',
}

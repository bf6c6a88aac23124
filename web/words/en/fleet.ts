export const fleet = {
  title: 'All backup sets',
  none: 'Nothing here',
  noneText: 'No backup set has a condition that is asked for.',
  searchHint: 'account, computer or set',
  columns: {
    CONDITION_STATUS: 'Condition',
    USERNAME: 'Account',
    COMPUTER_NAME: 'Computer',
    BACKUPSET_NAME: 'Backup set',
    LOCAL_START: 'Started or due',
  },
  lastDays: 'Last 30 days',
  page: (page: number, last: number, count: number) => `Page ${page} of ${last}, ${count} backup sets`,
  previous: 'Previous',
  next: 'Next',
}

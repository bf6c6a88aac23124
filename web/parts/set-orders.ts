/** What the server can order sets by: words of the report. */
export const setOrders = ['CONDITION_STATUS', 'USERNAME', 'COMPUTER_NAME', 'BACKUPSET_NAME', 'LOCAL_START'] as const
export type SetOrder = (typeof setOrders)[number]

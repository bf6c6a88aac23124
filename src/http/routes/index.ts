import type { Operation } from '../operation.ts'
import { listActionsOfAccount, listActionsOfComputer } from './action-history.ts'
import {
  addAccountOperation,
  cancelAccountOperation,
  changeAccountInfo,
  getAccount,
  getAccountInfo,
} from './accounts.ts'
import { listAuditLog } from './audit-log.ts'
import { backtestBackupSet } from './backtest.ts'
import { deleteBackupSet, getBackupSet, listBackupSets, makeBackupSet, replaceBackupSet } from './backup-sets.ts'
import { changeComputerInfo, getComputerInfo } from './computer-info.ts'
import { addComputer, deleteComputer, getComputer, listComputers, renewPassword } from './computers.ts'
import { listConditionChanges } from './condition-changes.ts'
import { listDaysOfSet, listDaysOfSets } from './days.ts'
import { explainBackupSet } from './explain.ts'
import { findUsername, getServerTime } from './general.ts'
import { noteOwnSignOfLife, noteSignOfLife } from './heartbeat.ts'
import { changePartnerInfo, getPartner, getPartnerInfo } from './partners.ts'
import { listReportsOfAccount, listReportsOfComputer, listReportsOfPartner } from './report-links.ts'
import {
  addNotificationEmail,
  changeNotificationEmail,
  deleteNotificationEmail,
  getNotificationEmail,
  listNotificationEmails,
} from './notification-emails.ts'
import { changeNotificationOptions, getNotificationOptions } from './notification-options.ts'
import { recordOwnRun, recordRun } from './record-runs.ts'
import { renewPingUrl } from './ping-url.ts'
import { getRun, getRunLog } from './runs.ts'
import { previewScheduleText } from './schedule-preview.ts'
import { listUsageOfAccount, listUsageOfComputer, listUsageOfPartner } from './usage-history.ts'
import { getTriageOfAccount, getTriageOfPartner } from './triage.ts'
import { listSignups } from './signups.ts'
import { addUserOperation, changeUserOperation, getUserOperation, listUsers, removeUserOperation } from './users.ts'

/** Every operation of the API, in the order of its documentation. */
export const operations: readonly Operation[] = [
  listReportsOfComputer,
  listReportsOfAccount,
  listReportsOfPartner,
  getTriageOfAccount,
  getTriageOfPartner,
  recordRun,
  recordOwnRun,
  getRun,
  getRunLog,
  listActionsOfComputer,
  listActionsOfAccount,
  listUsageOfComputer,
  listUsageOfAccount,
  listUsageOfPartner,
  listBackupSets,
  makeBackupSet,
  getBackupSet,
  replaceBackupSet,
  deleteBackupSet,
  renewPingUrl,
  explainBackupSet,
  listConditionChanges,
  listDaysOfSet,
  listDaysOfSets,
  backtestBackupSet,
  noteSignOfLife,
  noteOwnSignOfLife,
  addAccountOperation,
  getAccount,
  getAccountInfo,
  changeAccountInfo,
  cancelAccountOperation,
  getPartner,
  getPartnerInfo,
  changePartnerInfo,
  listSignups,
  listUsers,
  addUserOperation,
  getUserOperation,
  changeUserOperation,
  removeUserOperation,
  listAuditLog,
  listComputers,
  addComputer,
  getComputer,
  deleteComputer,
  renewPassword,
  getComputerInfo,
  changeComputerInfo,
  listNotificationEmails,
  addNotificationEmail,
  getNotificationEmail,
  changeNotificationEmail,
  deleteNotificationEmail,
  getNotificationOptions,
  changeNotificationOptions,
  previewScheduleText,
  getServerTime,
  findUsername,
]

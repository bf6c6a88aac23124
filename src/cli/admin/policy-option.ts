import { Option } from 'commander'
import { parsePolicyEntry } from '../../app/partners.ts'
import { conditionStatuses, type Policy, policyRules } from '../../domain/condition.ts'
import { asArgument } from './options.ts'

/** `--policy`, which may be given several times and with several entries at once. */
export function policyOption(): Option {
  return new Option('--policy <rule=status...>', 'the status of a condition rule').argParser(collectPolicy)
}

/** What `--policy` may say, for the help of a command. */
export const policyHelp = `
Rules:    ${policyRules.join('\n          ')}
Statuses: ${conditionStatuses.join(', ')}`

function collectPolicy(text: string, collected: Policy | undefined): Policy {
  return { ...collected, ...asArgument(parsePolicyEntry)(text) }
}

import { Command } from 'commander'
import { seconds } from '../../domain/instant.ts'
import { agentOptions } from '../run/agent-options.ts'
import { print } from '../admin/print.ts'

type HeartbeatOptions = { url?: string; key?: string; quiet?: true }

const limits = { timeoutMs: seconds(15), pausesMs: [500, seconds(2)] }

/** `lastgood heartbeat`: tells the server that this computer is there. */
export function heartbeatCommand(): Command {
  const command = new Command('heartbeat')
    .description('Tell the server that this computer is there.')
    .option('--quiet', 'say nothing unless it fails')
  return agentOptions(command)
    .addHelpText('after', help)
    .action(async ({ quiet, ...options }: HeartbeatOptions) => {
      const { readReportingSettings } = await import('../run/agent-settings.ts')
      const { sendToServer } = await import('../run/send-to-server.ts')
      const { agent, warnings } = await readReportingSettings({ ...options, env: process.env })
      for (const warning of quiet ? [] : warnings) process.stderr.write(`lastgood: ${warning}\n`)
      const request = { path: '/v1/heartbeat', isTaken: ({ status }: { status: number }) => status === 204 }
      await sendToServer(agent, request, { ...limits, abort: new AbortController().signal })
      if (!quiet) print(`${agent.url.origin} knows that this computer is there.`)
    })
}

const help = `
A backup set that requires the presence of its computer counts only the time in which the computer was seen. Signs of
life that are at most 15 minutes apart count as one time: send one every 10 minutes. Every report of a run is one, too.

For cron, with LASTGOOD_URL and LASTGOOD_KEY_FILE set above it:
  */10 * * * * lastgood heartbeat --quiet

For systemd, lastgood-heartbeat.timer; the service of the same name has ExecStart=/usr/bin/lastgood heartbeat --quiet:
  [Timer]
  OnCalendar=*:0/10

A key on the command line is seen by everyone who lists processes: keep it in LASTGOOD_KEY, or in a file that
LASTGOOD_KEY_FILE names.

The exit status is 0 when the server took it, and 1 with the reason on stderr when it did not.`

import { Command } from 'commander'
import { print } from '../admin/print.ts'

/** `lastgood demo`: a server on a throw-away database with a fleet, to look at and to try. */
export function demoCommand(): Command {
  return new Command('demo')
    .description('Start a server on a throw-away database with a fleet to look at, one real backup among it.')
    .option('--port <port>', 'the port to listen on (default: 8480, or any that is free)')
    .addHelpText('after', '\nExample:\n  lastgood demo\n\nCtrl-C stops it and removes everything it made.')
    .action(async ({ port }: { port?: string }) => {
      const { startDemo } = await import('../demo/start-demo.ts')
      await startDemo({ port, print })
    })
}

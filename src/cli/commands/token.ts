import { text } from 'node:stream/consumers'
import type { Command } from 'commander'
import { grantToken, longestTokenMinutes, revokeToken } from '../../app/grant-token.ts'
import { getPlace, type NamedPlace } from '../../app/places.ts'
import { seconds } from '../../domain/instant.ts'
import { scopes as allScopes, type Scope } from '../../domain/principal.ts'
import { administer, administerNew } from '../admin/administer.ts'
import { adminCommand, type AdminOptions, parseScopeOption, parseWholeNumber, placeOptions } from '../admin/options.ts'

type TokenOptions = AdminOptions & NamedPlace & { scope?: Scope[]; lifetime: number }

/** `lastgood token`: a short-lived token for trying the API. */
export function tokenCommand(): Command {
  const example = 'curl -H "Authorization: Bearer $(lastgood token --scope computers_read)" http://127.0.0.1:8480/…'
  const command = adminCommand('token', 'Print a short-lived token for trying the API.', example)
    // Not required: otherwise `token revoke` would need it, too.
    .option('--scope <scopes>', 'what it may do, separated by spaces; must be given', parseScopeOption)
    .option(
      '--lifetime <minutes>',
      `how long it is valid, at most ${longestTokenMinutes}`,
      parseWholeNumber(1, longestTokenMinutes),
      60,
    )
    .addHelpText('after', `\nScopes: ${allScopes.join(' ')}`)
    .addCommand(revokeCommand())
  for (const option of placeOptions()) command.addOption(option)
  return command.action((options: TokenOptions, command: Command) => {
    const { scope: scopes, lifetime } = options
    if (!scopes) return command.error("error: required option '--scope <scopes>' not specified")
    return administerNew(options, async (store, now) => {
      const place = await getPlace(store, options)
      const granted = await grantToken(store, { scopes, place, lifetimeMinutes: lifetime }, now)
      const json = {
        access_token: granted.token,
        expires_in: granted.expiresInMs / seconds(1),
        scope: granted.scopes.join(' '),
      }
      return { json, text: granted.token }
    })
  })
}

function revokeCommand(): Command {
  return adminCommand('revoke', 'End a token at once.', 'lastgood token revoke < token.txt')
    .argument('[token]', 'the token (default: what stdin says, where other users cannot see it)')
    .action(async (token: string | undefined, options: AdminOptions, command: Command) => {
      const given = (token ?? (await readStdin())).trim()
      if (given === '') command.error('error: no token was given, neither as an argument nor on stdin')
      await administer(options, async store => {
        await revokeToken(store, given)
        return { json: { revoked: true }, text: 'The token has ended.' }
      })
    })
}

/** What stdin says; a person at a terminal is not waited for. */
async function readStdin(): Promise<string> {
  return process.stdin.isTTY ? '' : text(process.stdin)
}

import { expect, test } from 'vitest'
import { toSpoolFolder } from './spool-folder.ts'

const place = { named: undefined, env: {}, platform: 'linux', isRoot: false, home: '/home/ada' } as const

test.each([
  ['the one that is named', { named: '/srv/spool', env: { STATE_DIRECTORY: '/var/lib/x' } }, '/srv/spool'],
  [
    'in the first state directory of systemd',
    { env: { STATE_DIRECTORY: '/var/lib/a:/var/lib/b' } },
    '/var/lib/a/spool',
  ],
  ['of root', { isRoot: true }, '/var/lib/lastgood/spool'],
  ['of a user', {}, '/home/ada/.local/state/lastgood/spool'],
  ['of a user who names another place', { env: { XDG_STATE_HOME: '/state' } }, '/state/lastgood/spool'],
  [
    'of a user whose other place is none',
    { env: { XDG_STATE_HOME: 'state' } },
    '/home/ada/.local/state/lastgood/spool',
  ],
  [
    'of Windows',
    { platform: 'win32', home: 'C:\\Users\\Ada', env: { LOCALAPPDATA: 'D:\\Local' } },
    'D:\\Local\\lastgood\\spool',
  ],
  [
    'of Windows without its variable',
    { platform: 'win32', home: 'C:\\Users\\Ada', env: {} },
    'C:\\Users\\Ada\\AppData\\Local\\lastgood\\spool',
  ],
] as const)('the spool is %s', (_, given, folder) => {
  expect(toSpoolFolder({ ...place, ...given })).toBe(folder)
})

import { set } from './de/backup-set.ts'
import { status, types, nextSteps } from './de/conditions.ts'
import { fleet } from './de/fleet.ts'
import { gallery } from './de/gallery.ts'
import { morning } from './de/morning.ts'
import { navigation, states, help } from './de/shell.ts'
import { calendar } from './de/calendar.ts'
import { run } from './de/run.ts'
import { tree } from './de/tree.ts'
import { signIn, welcome, me } from './de/sign-in.ts'
import type { Words } from './en.ts'

/** Every word of the dashboard in German. */
export const german: Words = {
  language: 'Deutsch',
  product: 'Lastgood',
  skipToContent: 'Zum Inhalt',
  navigation,
  states,
  help,
  status,
  types,
  nextSteps,
  morning,
  fleet,
  set,
  signIn,
  welcome,
  me,
  gallery,
  calendar,
  run,
  tree,
}

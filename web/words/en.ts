import { set } from './en/backup-set.ts'
import { status, types, nextSteps } from './en/conditions.ts'
import { fleet } from './en/fleet.ts'
import { gallery } from './en/gallery.ts'
import { morning } from './en/morning.ts'
import { navigation, states, help } from './en/shell.ts'
import { calendar } from './en/calendar.ts'
import { run } from './en/run.ts'
import { tree } from './en/tree.ts'
import { signIn, welcome, me } from './en/sign-in.ts'

/** Every word of the dashboard in English; a function where a number or a name is part of the sentence. */
export const english = {
  language: 'English',
  product: 'Lastgood',
  skipToContent: 'Skip to the content',
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

/** The words that every language has. */
export type Words = typeof english

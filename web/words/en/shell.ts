export const navigation = {
  morning: 'Morning',
  fleet: 'All sets',
  accounts: 'Accounts',
  me: 'My sign-in',
  api: 'API',
  signOut: 'Sign out',
  theme: 'Dark or light',
  language: 'Language',
  help: 'Keyboard help',
}

export const states = {
  loading: 'Loading …',
  failed: 'This could not be loaded',
  again: 'Try again',
  forbidden: 'Your role may not see this',
  notFound: 'There is nothing here',
  notFoundText: 'The address is wrong, or what was here is gone.',
  home: 'To the morning page',
}

export const help = {
  title: 'Keyboard',
  next: 'the next backup set',
  previous: 'the one before',
  open: 'open it',
  search: 'search',
  help: 'this help',
  close: 'Close',
}

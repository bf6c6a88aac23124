export const signIn = {
  title: 'Sign in',
  username: 'Username',
  password: 'Password',
  code: 'Code of your authenticator',
  submit: 'Sign in',
  forgotten: 'Password forgotten? Whoever runs the server makes a new link with: lastgood user link USERNAME',
  expired: 'You are not signed in, or no longer.',
}

export const welcome = {
  title: 'Welcome',
  first: 'Nobody can sign in yet. Choose who you are: you become the administrator.',
  known: (username: string) => `Choose a password for ${username}.`,
  name: 'Your name',
  password: 'Password',
  passwordHint: 'At least 12 characters; a few words in a row do well.',
  again: 'The same again',
  notSame: 'The two are not the same.',
  submit: 'Begin',
  noSecret: 'The address is not complete: open the whole link.',
}

export const me = {
  title: 'My sign-in',
  changePassword: 'Change the password',
  present: 'Present password',
  fresh: 'New password',
  save: 'Save',
  saved: 'Saved. Every other browser is signed out.',
  codes: 'One-time codes',
  codesOn: 'A code of your authenticator is asked for whenever you sign in.',
  codesOff: 'Only the password is asked for.',
  start: 'Ask for codes from now on',
  scan: 'Read this with your authenticator, or type the secret into it:',
  code: 'The code that it shows',
  end: 'Ask for no codes any more',
  sessions: 'Where you are signed in',
  thisOne: 'this browser',
  endOthers: 'Sign out everywhere else',
  signedIn: 'signed in',
}

import { Alert, Button, Paper, PasswordInput, Stack, Text, TextInput, Title } from '@mantine/core'
import { useNavigate } from '@tanstack/react-router'
import { type SyntheticEvent, useState } from 'react'
import { useLinkPerson, useTakeLink } from '../api.ts'
import { useWords } from '../language.tsx'
import { LanguageChoice } from '../parts/shell.tsx'
import { Loaded } from '../parts/states.tsx'

/** Where a link leads that lets somebody choose a password: its secret stands behind the `#`, and reaches no log. */
export function Welcome() {
  const { welcome: words } = useWords()
  const [secret] = useState(() => window.location.hash.slice(1))
  const person = useLinkPerson(secret)
  return (
    <main className="narrow">
      <Paper withBorder p="xl">
        <Stack>
          <Title order={1} size="h2">
            {words.title}
          </Title>
          {secret === '' ? (
            <Alert color="red" role="alert">
              {words.noSecret}
            </Alert>
          ) : (
            <Loaded query={person}>{({ username }) => <Choose secret={secret} known={username} />}</Loaded>
          )}
          <LanguageChoice />
        </Stack>
      </Paper>
    </main>
  )
}

function Choose({ secret, known }: { secret: string; known: string | null }) {
  const { welcome: words, signIn } = useWords()
  const takeLink = useTakeLink()
  const navigate = useNavigate()
  const [username, setUsername] = useState('')
  const [name, setName] = useState('')
  const [password, setPassword] = useState('')
  const [again, setAgain] = useState('')
  const isOther = again !== '' && again !== password

  function submit(event: SyntheticEvent) {
    event.preventDefault()
    if (again !== password) return
    const chosen = known === null ? { username, ...(name !== '' && { name }) } : {}
    takeLink.mutate({ secret, password, ...chosen }, { onSuccess: () => void navigate({ to: '/', replace: true }) })
  }

  return (
    <form onSubmit={submit}>
      <Stack>
        <Text>{known === null ? words.first : words.known(known)}</Text>
        {takeLink.isError && (
          <Alert color="red" role="alert">
            {takeLink.error.message}
          </Alert>
        )}
        {known === null && (
          <>
            <TextInput
              label={signIn.username}
              autoComplete="username"
              autoCapitalize="none"
              spellCheck={false}
              required
              value={username}
              onChange={event => setUsername(event.currentTarget.value)}
            />
            <TextInput
              label={words.name}
              autoComplete="name"
              value={name}
              onChange={event => setName(event.currentTarget.value)}
            />
          </>
        )}
        <PasswordInput
          label={words.password}
          description={words.passwordHint}
          autoComplete="new-password"
          required
          value={password}
          onChange={event => setPassword(event.currentTarget.value)}
        />
        <PasswordInput
          label={words.again}
          autoComplete="new-password"
          required
          error={isOther && words.notSame}
          value={again}
          onChange={event => setAgain(event.currentTarget.value)}
        />
        <Button type="submit" loading={takeLink.isPending}>
          {words.submit}
        </Button>
      </Stack>
    </form>
  )
}

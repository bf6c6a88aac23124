import { Alert, Button, Paper, Stack, Text, TextInput, Title } from '@mantine/core'
import { useNavigate } from '@tanstack/react-router'
import { type SyntheticEvent, useState } from 'react'
import { useLinkPerson, useTakeLink } from '../api/session.ts'
import { useWords } from '../language.tsx'
import { PasswordField, UsernameField } from '../parts/fields.tsx'
import { LanguageChoice } from '../parts/shell.tsx'
import { Loaded, Refused } from '../parts/states.tsx'

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
  const { welcome: words } = useWords()
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
        <Refused error={takeLink.error} />
        {known === null && (
          <>
            <UsernameField value={username} onChange={setUsername} />
            <TextInput
              label={words.name}
              autoComplete="name"
              value={name}
              onChange={event => setName(event.currentTarget.value)}
            />
          </>
        )}
        <PasswordField
          label={words.password}
          kind="new"
          hint={words.passwordHint}
          value={password}
          onChange={setPassword}
        />
        <PasswordField
          label={words.again}
          kind="new"
          error={isOther && words.notSame}
          value={again}
          onChange={setAgain}
        />
        <Button type="submit" loading={takeLink.isPending}>
          {words.submit}
        </Button>
      </Stack>
    </form>
  )
}

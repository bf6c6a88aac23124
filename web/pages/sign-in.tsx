import { Alert, Button, Group, Paper, PasswordInput, Stack, Text, TextInput, Title } from '@mantine/core'
import { type SyntheticEvent, useState } from 'react'
import { Refusal, useSignIn } from '../api.ts'
import { useWords } from '../language.tsx'
import { LanguageChoice } from '../parts/shell.tsx'

/** Where somebody signs in: what was asked for is shown afterwards, at the same address. */
export function SignIn() {
  const { signIn: words, product } = useWords()
  const signIn = useSignIn()
  const [username, setUsername] = useState('')
  const [password, setPassword] = useState('')
  const [code, setCode] = useState('')
  const [isCodeNeeded, setIsCodeNeeded] = useState(false)
  const isAskingForCode = signIn.error instanceof Refusal && signIn.error.error === 'code_needed'
  if (isAskingForCode && !isCodeNeeded) setIsCodeNeeded(true)

  function submit(event: SyntheticEvent) {
    event.preventDefault()
    signIn.mutate({ username, password, ...(isCodeNeeded && { code }) })
  }

  return (
    <main className="narrow">
      <Paper withBorder p="xl" component="form" onSubmit={submit}>
        <Stack>
          <Group justify="space-between">
            <Title order={1} size="h2">
              {words.title}
            </Title>
            <img src="/icon.svg" alt={product} width="36" height="36" />
          </Group>
          {signIn.isError && !isAskingForCode && (
            <Alert color="red" role="alert">
              {signIn.error.message}
            </Alert>
          )}
          <TextInput
            label={words.username}
            autoComplete="username"
            autoCapitalize="none"
            spellCheck={false}
            required
            autoFocus
            value={username}
            onChange={event => setUsername(event.currentTarget.value)}
          />
          <PasswordInput
            label={words.password}
            autoComplete="current-password"
            required
            value={password}
            onChange={event => setPassword(event.currentTarget.value)}
          />
          {isCodeNeeded && (
            <TextInput
              label={words.code}
              autoComplete="one-time-code"
              inputMode="numeric"
              required
              autoFocus
              value={code}
              onChange={event => setCode(event.currentTarget.value)}
            />
          )}
          <Button type="submit" loading={signIn.isPending}>
            {words.submit}
          </Button>
          <Text size="sm" c="dimmed">
            {words.forgotten}
          </Text>
          <LanguageChoice />
        </Stack>
      </Paper>
    </main>
  )
}

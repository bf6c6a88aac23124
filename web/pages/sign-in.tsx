import { Button, Group, Paper, Stack, Text, Title } from '@mantine/core'
import { type SyntheticEvent, useState } from 'react'
import { Refusal } from '../api/ask.ts'
import { useSignIn } from '../api/session.ts'
import { useWords } from '../language.tsx'
import { CodeField, PasswordField, UsernameField } from '../parts/fields.tsx'
import { LanguageChoice } from '../parts/shell.tsx'
import { Refused } from '../parts/states.tsx'

/** Where somebody signs in: what was asked for is shown afterwards, at the same address. */
export function SignIn() {
  const { signIn: words, product } = useWords()
  const signIn = useSignIn()
  const [username, setUsername] = useState('')
  const [password, setPassword] = useState('')
  const [code, setCode] = useState('')
  const [isCodeNeeded, setIsCodeNeeded] = useState(false)

  function submit(event: SyntheticEvent) {
    event.preventDefault()
    signIn.mutate(
      { username, password, ...(isCodeNeeded && { code }) },
      { onError: error => setIsCodeNeeded(before => before || isAskingForCode(error)) },
    )
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
          <Refused error={isAskingForCode(signIn.error) ? null : signIn.error} />
          <UsernameField value={username} onChange={setUsername} isFirst />
          <PasswordField label={words.password} kind="present" value={password} onChange={setPassword} />
          {isCodeNeeded && <CodeField label={words.code} value={code} onChange={setCode} isFirst />}
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

/** Whether the password was right, and only the code is missing. */
function isAskingForCode(error: Error | null): boolean {
  return error instanceof Refusal && error.error === 'code_needed'
}

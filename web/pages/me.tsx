import { Alert, Button, Code, Stack, Text, Title } from '@mantine/core'
import makeQrCode from 'qrcode-generator'
import { type SyntheticEvent, useState } from 'react'
import type { CodeSecret } from '../../src/wire/session.ts'
import {
  useChangePassword,
  useEndCodes,
  useEndOtherSessions,
  useNewCodeSecret,
  usePerson,
  useSessions,
  useStartCodes,
} from '../api/session.ts'
import { useWords } from '../language.tsx'
import { CodeField, PasswordField } from '../parts/fields.tsx'
import { Moment } from '../parts/moment.tsx'
import { FramedSection } from '../parts/section.tsx'
import { Loaded, Refused } from '../parts/states.tsx'

/** How one signs in oneself: password, one-time codes, and the browsers that one is signed in with. */
export function Me() {
  const { me: words } = useWords()
  const person = usePerson()
  return (
    <Stack gap="lg" maw={640}>
      <Title order={1} size="h2">
        {words.title}
      </Title>
      <PasswordForm />
      <Loaded query={person}>{found => (found?.has_codes ? <CodesOn /> : <CodesOff />)}</Loaded>
      <Sessions />
    </Stack>
  )
}

function PasswordForm() {
  const { me: words, welcome } = useWords()
  const change = useChangePassword()
  const [password, setPassword] = useState('')
  const [fresh, setFresh] = useState('')

  function submit(event: SyntheticEvent) {
    event.preventDefault()
    change.mutate(
      { password, new_password: fresh },
      {
        onSuccess: () => {
          setPassword('')
          setFresh('')
        },
      },
    )
  }

  return (
    <FramedSection title={words.changePassword}>
      <form onSubmit={submit}>
        <Stack>
          <Refused error={change.error} />
          {change.isSuccess && <Alert role="status">{words.saved}</Alert>}
          <PasswordField label={words.present} kind="present" value={password} onChange={setPassword} />
          <PasswordField label={words.fresh} kind="new" hint={welcome.passwordHint} value={fresh} onChange={setFresh} />
          <Button type="submit" loading={change.isPending} w="fit-content">
            {words.save}
          </Button>
        </Stack>
      </form>
    </FramedSection>
  )
}

function CodesOff() {
  const { me: words } = useWords()
  const secret = useNewCodeSecret()
  return (
    <FramedSection title={words.codes}>
      <Text>{words.codesOff}</Text>
      <Refused error={secret.error} />
      {secret.data ? (
        <StartCodes secret={secret.data} />
      ) : (
        <Button variant="default" w="fit-content" loading={secret.isPending} onClick={() => secret.mutate()}>
          {words.start}
        </Button>
      )}
    </FramedSection>
  )
}

function StartCodes({ secret: { secret, url } }: { secret: CodeSecret }) {
  const { me: words } = useWords()
  const start = useStartCodes()
  const [password, setPassword] = useState('')
  const [code, setCode] = useState('')

  function submit(event: SyntheticEvent) {
    event.preventDefault()
    start.mutate({ password, secret, code })
  }

  return (
    <form onSubmit={submit}>
      <Stack>
        <Text>{words.scan}</Text>
        <QrCode text={url} label={words.codes} />
        <Code>{secret.match(/.{4}/g)?.join(' ')}</Code>
        <Refused error={start.error} />
        <PasswordField label={words.present} kind="present" value={password} onChange={setPassword} />
        <CodeField label={words.code} value={code} onChange={setCode} />
        <Button type="submit" loading={start.isPending} w="fit-content">
          {words.start}
        </Button>
      </Stack>
    </form>
  )
}

/** A text as a picture that authenticators read: always dark on light, or they do not. */
function QrCode({ text, label }: { text: string; label: string }) {
  const code = makeQrCode(0, 'M')
  code.addData(text)
  code.make()
  const size = code.getModuleCount()
  const dark = Array.from({ length: size * size }, (_, at) => [at % size, Math.floor(at / size)] as const)
    .filter(([x, y]) => code.isDark(y, x))
    .map(([x, y]) => `M${x + 4} ${y + 4}h1v1h-1z`)
  return (
    <svg viewBox={`0 0 ${size + 8} ${size + 8}`} width="200" height="200" role="img" aria-label={label}>
      <rect width="100%" height="100%" fill="#fff" />
      <path d={dark.join('')} fill="#000" />
    </svg>
  )
}

function CodesOn() {
  const { me: words } = useWords()
  const end = useEndCodes()
  const [password, setPassword] = useState('')

  function submit(event: SyntheticEvent) {
    event.preventDefault()
    end.mutate({ password })
  }

  return (
    <FramedSection title={words.codes}>
      <Text>{words.codesOn}</Text>
      <form onSubmit={submit}>
        <Stack>
          <Refused error={end.error} />
          <PasswordField label={words.present} kind="present" value={password} onChange={setPassword} />
          <Button type="submit" variant="default" loading={end.isPending} w="fit-content">
            {words.end}
          </Button>
        </Stack>
      </form>
    </FramedSection>
  )
}

function Sessions() {
  const { me: words } = useWords()
  const endOthers = useEndOtherSessions()
  return (
    <FramedSection title={words.sessions}>
      <Loaded query={useSessions()}>
        {sessions => (
          <ul className="sessions">
            {sessions.map(({ signed_in, user_agent, remote_address, is_this }) => (
              <li key={`${signed_in} ${remote_address} ${user_agent}`}>
                <Text>
                  {remote_address} {is_this && <strong>({words.thisOne})</strong>}
                </Text>
                <Text size="sm" c="dimmed">
                  {words.signedIn} <Moment date={signed_in} isRelative /> · {user_agent}
                </Text>
              </li>
            ))}
          </ul>
        )}
      </Loaded>
      <Refused error={endOthers.error} />
      <Button
        variant="default"
        w="fit-content"
        loading={endOthers.isPending}
        onClick={() => endOthers.mutate(undefined)}
      >
        {words.endOthers}
      </Button>
    </FramedSection>
  )
}

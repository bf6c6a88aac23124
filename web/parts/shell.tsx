import {
  Alert,
  Anchor,
  Button,
  Group,
  NativeSelect,
  Text,
  useComputedColorScheme,
  useMantineColorScheme,
} from '@mantine/core'
import { Link } from '@tanstack/react-router'
import type { ReactNode } from 'react'
import type { SignedInPerson } from '../../src/wire/session.ts'
import { useSignOut } from '../api/session.ts'
import { type Language, languageNames, useLanguage } from '../language.tsx'
import { type Liveness, useLive } from '../live.ts'

/** What is around every page: where one is, who one is, and how the line to the server is. */
export function Shell({ person, children }: { person: SignedInPerson; children: ReactNode }) {
  const { words } = useLanguage()
  const signOut = useSignOut()
  const liveness = useLive()
  return (
    <>
      <a className="skip" href="#content">
        {words.skipToContent}
      </a>
      <header className="top">
        <Link to="/" className="brand">
          <img src="/icon.svg" alt="" width="26" height="26" />
          {words.product}
        </Link>
        <Text component="span" c="dimmed" className="partner" title={person.partner_name}>
          {person.partner_name}
        </Text>
        <nav aria-label={words.product}>
          <Link to="/" activeOptions={{ exact: true, includeSearch: false }}>
            {words.navigation.morning}
          </Link>
          <Link to="/fleet" activeOptions={{ includeSearch: false }}>
            {words.navigation.fleet}
          </Link>
          <Link to="/accounts" activeOptions={{ includeSearch: false }}>
            {words.navigation.accounts}
          </Link>
          <Link to="/me">{words.navigation.me}</Link>
          <a href="/docs">{words.navigation.api}</a>
        </nav>
        <Group gap="xs" className="tools">
          <LanguageChoice />
          <ThemeButton />
          <Button variant="default" size="compact-sm" loading={signOut.isPending} onClick={() => signOut.mutate()}>
            {words.navigation.signOut}
          </Button>
        </Group>
      </header>
      <Warned liveness={liveness} />
      <main id="content" tabIndex={-1}>
        {children}
      </main>
      <footer className="bottom">
        <Text size="sm" c="dimmed">
          {words.product} {person.version} · {person.name}
        </Text>
        <Anchor size="sm" href="/openapi.json">
          OpenAPI
        </Anchor>
      </footer>
    </>
  )
}

/** Says loudly that what is shown may be old. */
function Warned({ liveness }: { liveness: Liveness }) {
  const { words } = useLanguage()
  if (liveness === 'live') return null
  const text = liveness === 'behind' ? words.morning.behind : words.morning.serverBehind
  return (
    <Alert color="red" variant="filled" radius={0} role="alert">
      {text}
    </Alert>
  )
}

/** The language, for whoever is not addressed in the right one. */
export function LanguageChoice() {
  const { language, words, choose } = useLanguage()
  return (
    <NativeSelect
      size="xs"
      aria-label={words.navigation.language}
      value={language}
      data={languageNames.map(([value, label]) => ({ value, label }))}
      onChange={({ currentTarget }) => choose(currentTarget.value as Language)}
    />
  )
}

function ThemeButton() {
  const { words } = useLanguage()
  const { setColorScheme } = useMantineColorScheme()
  const isDark = useComputedColorScheme('light') === 'dark'
  return (
    <Button
      variant="default"
      size="compact-sm"
      aria-label={words.navigation.theme}
      title={words.navigation.theme}
      aria-pressed={isDark}
      onClick={() => setColorScheme(isDark ? 'light' : 'dark')}
    >
      <span aria-hidden="true">{isDark ? '☾' : '☀'}</span>
    </Button>
  )
}

import { PasswordInput, TextInput } from '@mantine/core'
import type { ReactNode } from 'react'
import { useWords } from '../language.tsx'

type Field = { value: string; onChange: (value: string) => void }

/** The name that somebody signs in with. */
export function UsernameField({ value, onChange, isFirst = false }: Field & { isFirst?: boolean }) {
  const { signIn } = useWords()
  return (
    <TextInput
      label={signIn.username}
      autoComplete="username"
      autoCapitalize="none"
      spellCheck={false}
      required
      autoFocus={isFirst}
      value={value}
      onChange={event => onChange(event.currentTarget.value)}
    />
  )
}

/** A password that somebody has, or chooses. */
export function PasswordField({
  label,
  kind,
  hint,
  error,
  value,
  onChange,
}: Field & { label: string; kind: 'present' | 'new'; hint?: string; error?: ReactNode }) {
  return (
    <PasswordInput
      label={label}
      description={hint}
      autoComplete={kind === 'present' ? 'current-password' : 'new-password'}
      required
      error={error}
      value={value}
      onChange={event => onChange(event.currentTarget.value)}
    />
  )
}

/** What an authenticator shows. */
export function CodeField({ label, value, onChange, isFirst = false }: Field & { label: string; isFirst?: boolean }) {
  return (
    <TextInput
      label={label}
      autoComplete="one-time-code"
      inputMode="numeric"
      required
      autoFocus={isFirst}
      value={value}
      onChange={event => onChange(event.currentTarget.value)}
    />
  )
}

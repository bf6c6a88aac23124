import { Alert, Button, Loader, Stack, Text, Title } from '@mantine/core'
import type { ReactNode } from 'react'
import { Refusal } from '../api/ask.ts'
import { useWords } from '../language.tsx'

/** What is known of something that is loaded. */
export type Loading<Value> = { data: Value | undefined; error: Error | null; refetch: () => unknown }

/** Something that is loaded: waits, tells what failed, or shows it. */
export function Loaded<Value>({ query, children }: { query: Loading<Value>; children: (value: Value) => ReactNode }) {
  if (query.data !== undefined) return children(query.data)
  if (query.error) return <Failed error={query.error} retry={() => void query.refetch()} />
  return <Waiting />
}

/** Something is on its way. */
export function Waiting() {
  const words = useWords()
  return (
    <Stack align="center" py="xl" aria-busy="true">
      <Loader aria-hidden="true" />
      <Text role="status">{words.states.loading}</Text>
    </Stack>
  )
}

/** Something could not be loaded: why, and what can be done. */
export function Failed({ error, retry }: { error: Error; retry: () => void }) {
  const { states } = useWords()
  const status = error instanceof Refusal ? error.status : 0
  if (status === 404) return <Empty title={states.notFound} text={states.notFoundText} />
  if (status === 403) return <Empty title={states.forbidden} text={error.message} />
  return (
    <Alert color="red" title={states.failed} role="alert">
      <Stack align="flex-start">
        <Text>{error.message}</Text>
        <Button variant="default" onClick={retry}>
          {states.again}
        </Button>
      </Stack>
    </Alert>
  )
}

/** A change was refused: why. */
export function Refused({ error }: { error: Error | null }) {
  return (
    error && (
      <Alert color="red" role="alert">
        {error.message}
      </Alert>
    )
  )
}

/** There is nothing: what that means, and what comes next. */
export function Empty({ title, text, children }: { title: string; text: string; children?: ReactNode }) {
  return (
    <Stack align="center" py="xl" gap="xs" ta="center">
      <Title order={2}>{title}</Title>
      <Text c="dimmed">{text}</Text>
      {children}
    </Stack>
  )
}

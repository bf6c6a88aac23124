import { Anchor, Button, Code, CopyButton, Group, List, Paper, Stack, Table, Text, Title } from '@mantine/core'
import { Link, useParams } from '@tanstack/react-router'
import type { ActionHistory } from '../../src/wire/action-history.ts'
import type { ConditionChange } from '../../src/wire/condition-change.ts'
import type { SetExplanation } from '../../src/wire/explanation.ts'
import { type SetName, useConditionChanges, useExplanation, useRuns } from '../api/backup-set.ts'
import { useDays } from '../api/days.ts'
import { useWords } from '../language.tsx'
import { Calendar } from '../parts/calendar.tsx'
import { Moment } from '../parts/moment.tsx'
import { RunTable } from '../parts/run-table.tsx'
import { Fact, Section } from '../parts/section.tsx'
import { Loaded } from '../parts/states.tsx'
import { StatusMark } from '../parts/status.tsx'

/** One backup set: how it stands, why, what would turn it green, how it came to that, and its newest runs. */
export function BackupSetPage() {
  const set: SetName = useParams({ from: '/inside/accounts/$username/computers/$computerId/sets/$name' })
  const { set: words, calendar } = useWords()
  return (
    <Stack gap="lg">
      <Anchor component={Link} to="/" size="sm">
        ← {words.back}
      </Anchor>
      <Loaded query={useExplanation(set)}>{explanation => <Explained explanation={explanation} />}</Loaded>
      <Section title={calendar.title}>
        <Loaded query={useDays(set)}>{({ days }) => <Calendar days={days} />}</Loaded>
      </Section>
      <Section title={words.history}>
        <Loaded query={useConditionChanges(set)}>{({ list }) => <Changes changes={list} />}</Loaded>
      </Section>
      <Section title={words.runs}>
        <Loaded query={useRuns(set)}>{({ list }) => <Runs runs={list} />}</Loaded>
      </Section>
    </Stack>
  )
}

function Explained({ explanation }: { explanation: SetExplanation }) {
  const { set: words, types, morning } = useWords()
  const status = explanation.condition_status === '' ? 'NONE' : explanation.condition_status
  return (
    <>
      <header>
        <Group gap="sm">
          <StatusMark status={status} />
          <Text c="dimmed">
            {explanation.condition_types
              .filter(type => type !== status)
              .map(type => types[type])
              .join(', ')}
          </Text>
        </Group>
        <Title order={1}>
          <bdi>{explanation.backupset_name}</bdi>
        </Title>
        <Text c="dimmed">
          <Link
            to="/accounts/$username/computers/$computerId"
            params={{ username: explanation.username, computerId: explanation.computer_id }}
            className="plain"
          >
            <bdi>{explanation.computer_name}</bdi>
          </Link>{' '}
          ({explanation.username}/{explanation.computer_id})
        </Text>
      </header>
      <Paper withBorder p="md">
        <Group justify="space-between" align="flex-start">
          <Title order={2} size="h3">
            {words.green}
          </Title>
          <CopyButton value={explanation.text}>
            {({ copied, copy }) => (
              <Button variant="default" size="compact-sm" onClick={copy}>
                {copied ? words.copied : words.copy}
              </Button>
            )}
          </CopyButton>
        </Group>
        <List mt="xs">
          {explanation.green.map(sentence => (
            <List.Item key={sentence}>{sentence}</List.Item>
          ))}
        </List>
        <dl className="facts">
          <Fact name={words.schedule}>{explanation.schedule}</Fact>
          <Fact name={words.nextDue}>{explanation.next_due === '' ? '–' : <Moment date={explanation.next_due} />}</Fact>
          <Fact name={words.lastSuccess}>
            {explanation.last_success === '' ? morning.never : <Moment date={explanation.last_success} />}
          </Fact>
        </dl>
      </Paper>
      <details>
        <summary>{words.rules}</summary>
        <Table.ScrollContainer minWidth={480}>
          <Table>
            <Table.Tbody>
              {explanation.rules.map(({ rule, condition_status, holds, facts }) => (
                <Table.Tr key={rule} fw={holds ? 600 : undefined}>
                  <Table.Th scope="row">
                    <Code>{rule}</Code>
                  </Table.Th>
                  <Table.Td>
                    <StatusMark status={condition_status} />
                  </Table.Td>
                  <Table.Td>{holds ? words.holds : words.holdsNot}</Table.Td>
                  <Table.Td>{facts}</Table.Td>
                </Table.Tr>
              ))}
            </Table.Tbody>
          </Table>
        </Table.ScrollContainer>
      </details>
    </>
  )
}

function Changes({ changes }: { changes: readonly ConditionChange[] }) {
  const { set: words, types } = useWords()
  if (changes.length === 0) return <Text c="dimmed">{words.noHistory}</Text>
  return (
    <ol className="changes">
      {changes.map(change => (
        <li key={`${change.found} ${change.local_time} ${change.condition_status}`}>
          <Moment date={change.local_time} />
          {change.condition_status === 'UNKNOWN' || change.condition_status === '' ? (
            <Text span c="dimmed">
              {change.condition_status === '' ? words.none : words.unknown}
            </Text>
          ) : (
            <StatusMark status={change.condition_status} />
          )}
          <Text span size="sm" c="dimmed">
            {change.condition_types.map(type => types[type]).join(', ')}
            {change.retracted !== '' && ` (${words.retracted})`}
          </Text>
        </li>
      ))}
    </ol>
  )
}

function Runs({ runs }: { runs: readonly ActionHistory[] }) {
  const { set: words } = useWords()
  return runs.length === 0 ? <Text c="dimmed">{words.noRuns}</Text> : <RunTable runs={runs} />
}

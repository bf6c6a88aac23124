import { Button, Group, Stack, Table, Text, Title } from '@mantine/core'
import { type ReactNode, useState } from 'react'
import { Refusal } from './api/ask.ts'
import { useWords } from './language.tsx'
import { Calendar } from './parts/calendar.tsx'
import { Choices } from './parts/choices.tsx'
import { dayStatuses } from './parts/day-square.tsx'
import { CodeField, PasswordField, UsernameField } from './parts/fields.tsx'
import { useFormats } from './parts/formats.ts'
import { type ListOrder, OrderedHeading, Pages } from './parts/list.tsx'
import { type LogSearch, LogView } from './parts/log-view.tsx'
import { Moment } from './parts/moment.tsx'
import { Fact, FramedSection, Section } from './parts/section.tsx'
import { Empty, Loaded, type Loading, Refused } from './parts/states.tsx'
import { type Status, StatusMark } from './parts/status.tsx'
import { Strip } from './parts/strip.tsx'

const statuses: Status[] = ['FAILURE', 'WARNING', 'RUNNING', 'COMPLETED', 'NONE']
const longName = `Ledger ${'of the branch office '.repeat(8)}`
const hostileName = '<b>\u202Egnp.exe</b> 👩‍👩‍👧‍👦'

/** Every part in every state, with made-up numbers. It asks the server nothing. */
export function Gallery() {
  const { gallery: words } = useWords()
  return (
    <Stack gap="xl">
      <header>
        <Title order={1} size="h2">
          {words.title}
        </Title>
        <Text c="dimmed">{words.text}</Text>
      </header>
      <Section title={words.statuses}>
        <Group>
          {statuses.map(status => (
            <StatusMark key={status} status={status} />
          ))}
        </Group>
      </Section>
      <Section title={words.days}>
        <Days />
      </Section>
      <Section title={words.log}>
        <LogInUse />
      </Section>
      <Section title={words.moments}>
        <Moments />
      </Section>
      <Section title={words.choices}>
        <ChoicesInUse />
      </Section>
      <Section title={words.fields}>
        <Fields />
      </Section>
      <Section title={words.lists}>
        <ListInUse />
      </Section>
      <Section title={words.states}>
        <States />
      </Section>
      <Section title={words.sections}>
        <Facts />
      </Section>
    </Stack>
  )
}

function Days() {
  const today = Date.now()
  const days = Array.from({ length: 371 }, (_, index) => ({
    date: new Date(today - (370 - index) * 86_400_000).toISOString().slice(0, 10),
    condition_status: dayStatuses[index < 60 ? 5 : index % 23 < 5 ? index % 23 : 4] ?? 'NONE',
    condition_types: [],
    unknown_minutes: 0,
  }))
  return (
    <Stack>
      <Calendar days={days} />
      <Strip statuses={days.slice(-30).map(day => day.condition_status)} />
      <Strip statuses={['NONE', 'COMPLETED', 'FAILURE']} />
    </Stack>
  )
}

function LogInUse() {
  const [search, setSearch] = useState<LogSearch>({ find: 'error', isWrapped: false, line: 2 })
  const text = `opened the repository\nerror: ${longName}\n${hostileName}\n`
  return <LogView text={text} search={search} change={changed => setSearch({ ...search, ...changed })} />
}

function Moments() {
  const { bytes, duration, number } = useFormats()
  return (
    <Stack gap="xs">
      <Moment date="2026-03-05T01:00:00-05:00" />
      <Moment date={new Date(Date.now() - 3 * 86_400_000).toISOString()} isRelative />
      <Text>
        {number(1_234_567)} · {bytes(0)} · {bytes(812_334_080)} · {duration(59_000)} · {duration(86_399_000)} ·{' '}
        {duration(30 * 86_400_000)}
      </Text>
    </Stack>
  )
}

function ChoicesInUse() {
  const { status: words, morning } = useWords()
  const [chosen, choose] = useState<'FAILURE' | 'WARNING' | undefined>()
  const choices = [
    { value: undefined, label: morning.all },
    { value: 'FAILURE' as const, label: words.FAILURE },
    { value: 'WARNING' as const, label: words.WARNING },
  ]
  return <Choices title={morning.showOnly} choices={choices} chosen={chosen} choose={choose} />
}

function Fields() {
  const { signIn, welcome } = useWords()
  const [value, onChange] = useState('')
  return (
    <Stack maw={360}>
      <UsernameField value={value} onChange={onChange} />
      <PasswordField kind="new" label={signIn.password} hint={welcome.passwordHint} value={value} onChange={onChange} />
      <PasswordField kind="new" label={welcome.again} error={welcome.notSame} value={value} onChange={onChange} />
      <CodeField label={signIn.code} value={value} onChange={onChange} />
    </Stack>
  )
}

function ListInUse() {
  const { fleet, gallery } = useWords()
  const [order, change] = useState<ListOrder<'USERNAME' | 'LOCAL_START'>>({})
  return (
    <Stack>
      <Table>
        <Table.Thead>
          <Table.Tr>
            {(['USERNAME', 'LOCAL_START'] as const).map(name => (
              <OrderedHeading
                key={name}
                order={name}
                label={fleet.columns[name]}
                present={order}
                usual="USERNAME"
                change={change}
              />
            ))}
          </Table.Tr>
        </Table.Thead>
        <Table.Tbody>
          {[gallery.sample, longName, hostileName].map(name => (
            <Table.Tr key={name}>
              <Table.Td>
                <bdi>{name}</bdi>
              </Table.Td>
              <Table.Td>
                <Moment date="2026-03-05T01:00:00-05:00" />
              </Table.Td>
            </Table.Tr>
          ))}
        </Table.Tbody>
      </Table>
      <Pages
        page={order.page}
        pageSize={50}
        count={120}
        says={fleet.page}
        change={page => change({ ...order, page })}
      />
    </Stack>
  )
}

/** Something that is loaded, as it stands before it has come, or when it does not come. */
const loadingOf = (error: Error | null): Loading<ReactNode> => ({ data: undefined, error, refetch: () => undefined })

function States() {
  const { morning } = useWords()
  const errors = [
    null,
    new Error('fetch failed'),
    new Refusal(503, 'unavailable', 'The database is away. Try again in a few seconds.'),
    new Refusal(403, 'insufficient_scope', 'This takes the scope partners_write.'),
    new Refusal(404, 'not_found', 'There is nothing here.'),
  ]
  return (
    <Stack>
      {errors.map(error => (
        <Loaded key={error?.message ?? ''} query={loadingOf(error)}>
          {shown => shown}
        </Loaded>
      ))}
      <Refused error={new Refusal(409, 'conflict', 'Somebody else has changed it since: load the page again.')} />
      <Empty title={morning.nothingYet} text={morning.nothingYetText}>
        <Button>{morning.all}</Button>
      </Empty>
    </Stack>
  )
}

function Facts() {
  const { set, gallery } = useWords()
  return (
    <FramedSection title={gallery.sample}>
      <dl className="facts">
        <Fact name={set.schedule}>cron 0 23 * * *</Fact>
        <Fact name={set.nextDue}>
          <Moment date="2026-03-05T23:00:00-05:00" />
        </Fact>
        <Fact name={gallery.sample}>
          <bdi>{longName}</bdi>
        </Fact>
      </dl>
    </FramedSection>
  )
}

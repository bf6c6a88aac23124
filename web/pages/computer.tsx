import { Stack, Text, Title } from '@mantine/core'
import { Link, useParams } from '@tanstack/react-router'
import { useComputer, useRunsOfComputer, useSetsOfComputer } from '../api/tree.ts'
import { useWords } from '../language.tsx'
import { useFormats } from '../parts/formats.ts'
import { Moment } from '../parts/moment.tsx'
import { RunTable } from '../parts/run-table.tsx'
import { Fact, Section } from '../parts/section.tsx'
import { SetTable } from '../parts/set-table.tsx'
import { Empty, Loaded } from '../parts/states.tsx'

/** One computer: what is known of it, how its sets stand, and its newest runs. */
export function ComputerPage() {
  const { username, computerId } = useParams({ from: '/inside/accounts/$username/computers/$computerId' })
  const { tree: words, set } = useWords()
  return (
    <Stack gap="lg">
      <Link to="/accounts/$username" params={{ username }} className="back">
        ← {username}
      </Link>
      <Known username={username} computerId={computerId} />
      <Section title={words.sets}>
        <Loaded query={useSetsOfComputer(username, computerId)}>
          {({ list }) =>
            list.length === 0 ? <Empty title={words.noSets} text={words.noSetsText} /> : <SetTable rows={list} />
          }
        </Loaded>
      </Section>
      <Section title={set.runs}>
        <Loaded query={useRunsOfComputer(username, computerId)}>
          {({ list }) => (list.length === 0 ? <Text c="dimmed">{set.noRuns}</Text> : <RunTable runs={list} hasSets />)}
        </Loaded>
      </Section>
    </Stack>
  )
}

function Known({ username, computerId }: { username: string; computerId: string }) {
  const { tree: words } = useWords()
  const { bytes } = useFormats()
  return (
    <Loaded query={useComputer(username, computerId)}>
      {computer => (
        <header>
          <Title order={1}>
            <bdi>{computer.name}</bdi>
          </Title>
          <Text c="dimmed">
            {username}/{computerId}
          </Text>
          <dl className="facts">
            <Fact name={words.status}>{words.computerStatuses[computer.status]}</Fact>
            <Fact name={words.zone}>{computer.time_zone === '' ? words.zoneOfAccount : computer.time_zone}</Fact>
            <Fact name={words.usage}>{bytes(computer.usage)}</Fact>
            <Fact name={words.added}>
              <Moment date={computer.signup_date} />
            </Fact>
          </dl>
        </header>
      )}
    </Loaded>
  )
}

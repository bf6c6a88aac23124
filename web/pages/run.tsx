import { Anchor, Button, Code, CopyButton, Group, Paper, Progress, Stack, Text, Title } from '@mantine/core'
import { Link, useNavigate, useParams, useRouterState, useSearch } from '@tanstack/react-router'
import type { ActionHistory } from '../../src/wire/action-history.ts'
import { type RunName, runPath, useRun, useRunLog } from '../api/run.ts'
import { useWords } from '../language.tsx'
import { useFormats } from '../parts/formats.ts'
import { type LogSearch, LogView } from '../parts/log-view.tsx'
import { Moment } from '../parts/moment.tsx'
import { Fact, Section } from '../parts/section.tsx'
import { Loaded } from '../parts/states.tsx'
import { StatusMark } from '../parts/status.tsx'

/** One run: what is known of it, how far it is while it runs, and its log. */
export function RunPage() {
  const name: RunName = useParams({ from: '/inside/accounts/$username/computers/$computerId/runs/$actionId' })
  const { run: words } = useWords()
  const log = useRunLog(name)
  return (
    <Stack gap="lg">
      <Loaded query={useRun(name)}>
        {run => (
          <>
            <Known run={run} />
            <Section title={words.log}>
              <Loaded query={log}>
                {text => (text === '' ? <Text c="dimmed">{words.noLog}</Text> : <Log name={name} text={text} />)}
              </Loaded>
              <Anchor size="sm" href={`${runPath(name)}/log`}>
                {words.plain}
              </Anchor>
            </Section>
            <Raw run={run} />
          </>
        )}
      </Loaded>
    </Stack>
  )
}

function Known({ run }: { run: ActionHistory }) {
  const { run: words, set: setWords, types } = useWords()
  const { number, bytes, duration } = useFormats()
  const { username, computer_id: computerId, backupset_name: name } = run
  const isRunning = run.local_end === ''
  return (
    <>
      {name !== '' && (
        <Link
          to="/accounts/$username/computers/$computerId/sets/$name"
          params={{ username, computerId, name }}
          className="back"
        >
          ← {words.back}
        </Link>
      )}
      <header>
        <Group gap="sm">
          <StatusMark status={run.condition_status} />
          <Text c="dimmed">
            {run.condition_types
              .filter(type => type !== run.condition_status)
              .map(type => types[type])
              .join(', ')}
          </Text>
        </Group>
        <Title order={1}>
          <bdi>{words.titleOf(name)}</bdi>
        </Title>
        <Text c="dimmed">
          {username}/{computerId} · {run.action_id}
        </Text>
      </header>
      {isRunning && <HowFar run={run} />}
      <Paper withBorder p="md">
        <dl className="facts facts-first">
          <Fact name={words.kind}>{words.types[run.type]}</Fact>
          <Fact name={words.state}>{run.status}</Fact>
          <Fact name={setWords.started}>
            <Moment date={run.local_start} />
          </Fact>
          <Fact name={setWords.ended}>{isRunning ? '–' : <Moment date={run.local_end} />}</Fact>
          <Fact name={words.duration}>
            {isRunning ? '–' : duration(Date.parse(run.local_end) - Date.parse(run.local_start))}
          </Fact>
          <Fact name={words.examined}>{number(run.processed_files)}</Fact>
          <Fact name={words.held}>{number(run.total_files)}</Fact>
          <Fact name={words.stored}>{bytes(run.bytes)}</Fact>
          <Fact name={setWords.errors}>{number(run.errors)}</Fact>
          <Fact name={setWords.warnings}>{number(run.warnings)}</Fact>
        </dl>
      </Paper>
    </>
  )
}

/** How many of the files are done, where the tool has told how many there are. */
function HowFar({ run: { processed_files: done, total_files: all } }: { run: ActionHistory }) {
  const { run: words } = useWords()
  const { number } = useFormats()
  if (all === 0) return <Text role="status">{words.running}</Text>
  const percent = Math.min(Math.round((done / all) * 100), 100)
  return (
    <div>
      <Text size="sm" role="status">
        {words.running}: {words.progress(number(done), number(all))}
      </Text>
      <Progress.Root size="lg">
        <Progress.Section
          value={percent}
          aria-label={words.running}
          aria-valuetext={words.progress(number(done), number(all))}
        />
      </Progress.Root>
    </div>
  )
}

/** The log, with what the address says is looked for in it. */
function Log({ name, text }: { name: RunName; text: string }) {
  const { find = '', wrap } = useSearch({ from: '/inside/accounts/$username/computers/$computerId/runs/$actionId' })
  const hash = useRouterState({ select: ({ location }) => location.hash })
  const navigate = useNavigate()
  const line = /^L([1-9]\d{0,8})$/.exec(hash)?.[1]
  const search: LogSearch = { find, isWrapped: wrap === true, line: line === undefined ? null : Number(line) }

  function change(changed: Partial<LogSearch>) {
    const next = { ...search, ...changed }
    void navigate({
      to: '/accounts/$username/computers/$computerId/runs/$actionId',
      params: name,
      search: { find: next.find === '' ? undefined : next.find, wrap: next.isWrapped || undefined },
      ...(next.line !== null && { hash: `L${next.line}` }),
      replace: true,
      resetScroll: false,
      hashScrollIntoView: false,
    })
  }

  return <LogView key={String(search.isWrapped)} text={text} search={search} change={change} />
}

function Raw({ run }: { run: ActionHistory }) {
  const { run: words, set } = useWords()
  const text = JSON.stringify(run, null, 2)
  return (
    <details>
      <summary>{words.raw}</summary>
      <CopyButton value={text}>
        {({ copied, copy }) => (
          <Button variant="default" size="compact-sm" my="xs" onClick={copy}>
            {copied ? set.copied : set.copy}
          </Button>
        )}
      </CopyButton>
      <Code block>{text}</Code>
    </details>
  )
}

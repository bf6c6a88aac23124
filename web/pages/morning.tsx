import { Button, Code, Group, Kbd, Stack, Table, Text, TextInput, Title } from '@mantine/core'
import { Link, useNavigate, useSearch } from '@tanstack/react-router'
import { useEffect, useEffectEvent, useRef, useState } from 'react'
import type { Triage } from '../../src/wire/triage.ts'
import { usePerson } from '../api/session.ts'
import { useTriage } from '../api/triage.ts'
import { useWords } from '../language.tsx'
import { Choices } from '../parts/choices.tsx'
import { Counts } from '../parts/counts.tsx'
import { Moment } from '../parts/moment.tsx'
import { Empty, Loaded } from '../parts/states.tsx'
import { StatusMark } from '../parts/status.tsx'
import type { MorningSearch } from '../router.tsx'

type TriageGroup = Triage['groups'][number]
type TriageSet = TriageGroup['sets'][number]

/** The page that is opened each morning: how all sets stand, then only what needs a person, by cause, newest first. */
export function Morning() {
  const person = usePerson()
  return <Loaded query={useTriage(person.data?.partner ?? '')}>{triage => <Shown triage={triage} />}</Loaded>
}

function Shown({ triage }: { triage: Triage }) {
  const words = useWords()
  const search = useSearch({ from: '/inside/' })
  const groups = select(triage.groups, search)
  const searchField = useRef<HTMLInputElement>(null)
  const [isHelping, setIsHelping] = useState(false)
  useKeys({ onSearch: () => searchField.current?.focus(), onHelp: () => setIsHelping(true) })
  const { counts } = triage
  const all = counts.failure + counts.warning + counts.running + counts.completed + counts.unjudged
  useTitle(counts.failure + counts.warning)

  return (
    <Stack gap="lg">
      <Counts counts={counts} />
      <Group justify="space-between" align="flex-end">
        <Title order={1} size="h2">
          {words.morning.title}
        </Title>
        <Text size="sm" c="dimmed" role="status">
          {words.morning.drawnUp} <Moment date={triage.report_date} isRelative /> · {words.morning.live}
        </Text>
      </Group>
      {all === 0 && <NothingYet />}
      {all > 0 && triage.groups.length === 0 && (
        <Empty title={words.morning.allWell} text={words.morning.allWellText(all)}>
          <span className="all-well" aria-hidden="true">
            ✓
          </span>
        </Empty>
      )}
      {triage.groups.length > 0 && <Filters search={search} field={searchField} />}
      {triage.groups.length > 0 && groups.length === 0 && <Text>{words.morning.nothingFound}</Text>}
      {groups.map(group => (
        <GroupOfSets key={toKey(group)} group={group} />
      ))}
      {triage.left_out > 0 && <Text c="dimmed">{words.morning.leftOut(triage.left_out)}</Text>}
      <Help isOpen={isHelping} close={() => setIsHelping(false)} />
    </Stack>
  )
}

function Filters({ search, field }: { search: MorningSearch; field: React.RefObject<HTMLInputElement | null> }) {
  const words = useWords()
  const navigate = useNavigate()
  const change = (changed: MorningSearch) => void navigate({ to: '/', search: changed, replace: true })
  const statuses: MorningSearch['status'][] = [undefined, 'FAILURE', 'WARNING']
  return (
    <Group align="flex-end">
      <TextInput
        ref={field}
        type="search"
        label={words.morning.search}
        placeholder={words.morning.searchHint}
        value={search.find ?? ''}
        onChange={({ currentTarget: { value } }) => change({ ...search, find: value === '' ? undefined : value })}
        onKeyDown={({ key, currentTarget }) => {
          if (key === 'Escape') currentTarget.blur()
          if (key === 'Enter') document.querySelector<HTMLElement>('[data-trouble]')?.focus()
        }}
        className="search"
      />
      <Choices
        title={words.morning.showOnly}
        choices={statuses.map(value => ({ value, label: value ? words.status[value] : words.morning.all }))}
        chosen={search.status}
        choose={status => change({ ...search, status })}
      />
    </Group>
  )
}

function GroupOfSets({ group }: { group: TriageGroup }) {
  const { morning } = useWords()
  const [first] = group.sets
  const heading = {
    account: first?.account_name ?? '',
    computer: morning.groupComputer(first?.computer_name ?? ''),
    message: morning.groupMessage(group.sets.length),
  }[group.kind]
  return (
    <section className={`group group-${group.condition_status.toLowerCase()}`}>
      <header>
        <StatusMark status={group.condition_status} isShort />
        <Title order={2} size="h4">
          {heading}
        </Title>
        <Text size="sm" c="dimmed">
          {morning.setsOf(group.sets.length)} · {morning.newest} <Moment date={group.since} isRelative />
        </Text>
      </header>
      {group.kind === 'message' && <Code block>{first?.message}</Code>}
      <ul className="troubles">
        {group.sets.map(set => (
          <TroubleRow key={toSetKey(set)} set={set} kind={group.kind} />
        ))}
      </ul>
    </section>
  )
}

function TroubleRow({ set, kind }: { set: TriageSet; kind: TriageGroup['kind'] }) {
  const words = useWords()
  const { morning } = words
  const condition = set.condition_types.map(type => words.types[type]).join(', ')
  return (
    <li>
      <StatusMark status={set.condition_status} isShort />
      <div className="what">
        <Link
          data-trouble
          to="/accounts/$username/computers/$computerId/sets/$name"
          params={{ username: set.username, computerId: set.computer_id, name: set.backupset_name }}
        >
          <bdi>{set.backupset_name}</bdi>
        </Link>{' '}
        <Text span size="sm" c="dimmed">
          <bdi>{set.computer_name}</bdi>
          {kind !== 'account' && (
            <>
              {' '}
              · <bdi>{set.account_name}</bdi>
            </>
          )}
        </Text>
        <Text size="sm">
          {condition} · <Moment date={set.since} isRelative />
        </Text>
        {kind !== 'message' && set.message !== '' && <Code className="message">{set.message}</Code>}
      </div>
      <div className="then">
        <Text size="sm">
          {morning.lastSuccess}:{' '}
          {set.last_success === '' ? morning.never : <Moment date={set.last_success} isRelative />}
          {set.failed_runs > 0 && `; ${morning.failedRuns(set.failed_runs)}`}
        </Text>
        <Text size="sm" fw={600}>
          {words.nextSteps[set.next_step]}
        </Text>
      </div>
    </li>
  )
}

function NothingYet() {
  const { morning } = useWords()
  return (
    <Empty title={morning.nothingYet} text={morning.nothingYetText}>
      <Code block ta="left">
        {`lastgood account add acme --time-zone Europe/Berlin
lastgood computer add acme --name "File server"
export LASTGOOD_URL=${window.location.origin} LASTGOOD_KEY=lgk_…
lastgood run --set Documents -- restic backup --json /home`}
      </Code>
    </Empty>
  )
}

function Help({ isOpen, close }: { isOpen: boolean; close: () => void }) {
  const { help } = useWords()
  const dialog = useRef<HTMLDialogElement>(null)
  useEffect(() => {
    if (isOpen) dialog.current?.showModal()
  }, [isOpen])
  const keys: [string, string][] = [
    ['j', help.next],
    ['k', help.previous],
    ['Enter', help.open],
    ['/', help.search],
    ['?', help.help],
  ]
  return (
    <dialog ref={dialog} className="help" onClose={close} aria-labelledby="help-title">
      <Title order={2} size="h3" id="help-title">
        {help.title}
      </Title>
      <Table my="sm">
        <Table.Tbody>
          {keys.map(([key, meaning]) => (
            <Table.Tr key={key}>
              <Table.Td>
                <Kbd>{key}</Kbd>
              </Table.Td>
              <Table.Td>{meaning}</Table.Td>
            </Table.Tr>
          ))}
        </Table.Tbody>
      </Table>
      <Button autoFocus onClick={() => dialog.current?.close()}>
        {help.close}
      </Button>
    </dialog>
  )
}

/** What the filters let through; a group without sets is none. */
function select(groups: readonly TriageGroup[], { find, status }: MorningSearch): TriageGroup[] {
  const wanted = find?.toLocaleLowerCase() ?? ''
  const isShown = (set: TriageSet) =>
    (!status || set.condition_status === status) &&
    [set.username, set.account_name, set.computer_id, set.computer_name, set.backupset_name, set.message].some(text =>
      text.toLocaleLowerCase().includes(wanted),
    )
  return groups.map(group => ({ ...group, sets: group.sets.filter(isShown) })).filter(group => group.sets.length > 0)
}

/** `j` and `k` go from set to set, `/` searches, `?` helps; not while somebody types. */
function useKeys({ onSearch, onHelp }: { onSearch: () => void; onHelp: () => void }) {
  const act = useEffectEvent((key: '/' | '?') => (key === '/' ? onSearch() : onHelp()))
  useEffect(() => {
    function onKey(event: KeyboardEvent) {
      const isTyping = event.target instanceof HTMLElement && event.target.closest('input, select, textarea, dialog')
      if (isTyping || event.ctrlKey || event.metaKey || event.altKey) return
      if (event.key === 'j') focusTrouble(1)
      else if (event.key === 'k') focusTrouble(-1)
      else if (event.key === '/' || event.key === '?') act(event.key)
      else return
      event.preventDefault()
    }
    window.addEventListener('keydown', onKey)
    return () => window.removeEventListener('keydown', onKey)
  }, [])
}

function focusTrouble(step: 1 | -1) {
  const links = [...document.querySelectorAll<HTMLElement>('[data-trouble]')]
  const at = links.findIndex(link => link === document.activeElement)
  const next = at < 0 ? (step > 0 ? 0 : links.length - 1) : Math.min(Math.max(at + step, 0), links.length - 1)
  links[next]?.focus()
}

/** The title of the window tells how many need a person, so that a tab in the background does. */
function useTitle(troubles: number) {
  const { product } = useWords()
  useEffect(() => {
    document.title = troubles === 0 ? product : `(${troubles}) ${product}`
    return () => {
      document.title = product
    }
  }, [troubles, product])
}

function toKey({ kind, sets: [first] }: TriageGroup): string {
  return `${kind} ${first ? toSetKey(first) : ''}`
}

function toSetKey({ username, computer_id, backupset_name }: TriageSet): string {
  return `${username}/${computer_id}/${backupset_name}`
}

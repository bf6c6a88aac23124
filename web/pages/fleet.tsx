import { Button, Group, Stack, Table, Text, Title } from '@mantine/core'
import { Link, useNavigate, useSearch } from '@tanstack/react-router'
import type { BackupStatus } from '../../src/wire/backup-status.ts'
import { fleetPageSize, useBackupStatus, usePerson } from '../api.ts'
import { useWords } from '../language.tsx'
import { Moment } from '../parts/moment.tsx'
import { Empty, Loaded } from '../parts/states.tsx'
import { StatusMark } from '../parts/status.tsx'
import { type FleetOrder, type FleetSearch, fleetStatuses } from '../router.tsx'

/** Every backup set with a condition, filtered, ordered and paged by the server; the address says which. */
export function Fleet() {
  const words = useWords()
  const search = useSearch({ from: '/inside/fleet' })
  const person = usePerson()
  const list = useBackupStatus(person.data?.partner ?? '', search)
  return (
    <Stack gap="lg">
      <Title order={1} size="h2">
        {words.fleet.title}
      </Title>
      <Filters search={search} />
      <Loaded query={list}>
        {({ list: rows, count }) =>
          rows.length === 0 ? (
            <Empty title={words.fleet.none} text={words.fleet.noneText} />
          ) : (
            <>
              <Rows rows={rows} search={search} />
              <Pages search={search} count={count} />
            </>
          )
        }
      </Loaded>
    </Stack>
  )
}

function useChange(): (changed: FleetSearch) => void {
  const navigate = useNavigate()
  return changed => void navigate({ to: '/fleet', search: changed, replace: true })
}

function Filters({ search: { page: _page, ...search } }: { search: FleetSearch }) {
  const words = useWords()
  const change = useChange()
  return (
    <fieldset className="choices">
      <legend>{words.morning.showOnly}</legend>
      {[undefined, ...fleetStatuses].map(status => (
        <Button
          key={status ?? 'all'}
          size="compact-sm"
          variant={search.status === status ? 'filled' : 'default'}
          aria-pressed={search.status === status}
          onClick={() => {
            const { status: _status, ...others } = search
            change({ ...others, ...(status && { status }) })
          }}
        >
          {status ? words.status[status] : words.morning.all}
        </Button>
      ))}
    </fieldset>
  )
}

function Rows({ rows, search }: { rows: readonly BackupStatus[]; search: FleetSearch }) {
  const words = useWords()
  return (
    <Table.ScrollContainer minWidth={680}>
      <Table striped>
        <Table.Thead>
          <Table.Tr>
            <Heading order="CONDITION_STATUS" search={search} />
            <Heading order="USERNAME" search={search} />
            <Heading order="COMPUTER_NAME" search={search} />
            <Heading order="BACKUPSET_NAME" search={search} />
            <Heading order="LOCAL_START" search={search} />
          </Table.Tr>
        </Table.Thead>
        <Table.Tbody>
          {rows.map(row => (
            <Table.Tr key={`${row.username}/${row.computer_id}/${row.backupset_name}`}>
              <Table.Td>
                <StatusMark status={row.condition_status} />
                <Text size="sm" c="dimmed">
                  {row.condition_types
                    .filter(type => type !== row.condition_status)
                    .map(type => words.types[type])
                    .join(', ')}
                </Text>
              </Table.Td>
              <Table.Td>{row.username}</Table.Td>
              <Table.Td>
                <bdi>{row.computer_name}</bdi>
              </Table.Td>
              <Table.Td>
                <Link
                  to="/accounts/$username/computers/$computerId/sets/$name"
                  params={{ username: row.username, computerId: row.computer_id, name: row.backupset_name }}
                  className="name"
                >
                  <bdi>{row.backupset_name}</bdi>
                </Link>
              </Table.Td>
              <Table.Td>
                <Moment date={row.local_start} />
              </Table.Td>
            </Table.Tr>
          ))}
        </Table.Tbody>
      </Table>
    </Table.ScrollContainer>
  )
}

/** A heading that orders by its column, and turns the order round when it is already so. */
function Heading({ order, search }: { order: FleetOrder; search: FleetSearch }) {
  const { fleet: words } = useWords()
  const change = useChange()
  const isOrdered = (search.order ?? 'CONDITION_STATUS') === order
  const isDescending = isOrdered && search.descending === true
  const { page: _page, descending: _descending, ...others } = search
  return (
    <Table.Th aria-sort={isOrdered ? (isDescending ? 'descending' : 'ascending') : 'none'}>
      <button
        type="button"
        className="order"
        onClick={() => change({ ...others, order, ...(isOrdered && !isDescending && { descending: true }) })}
      >
        {words.columns[order]}
        <span aria-hidden="true">{isOrdered ? (isDescending ? ' ↓' : ' ↑') : ''}</span>
      </button>
    </Table.Th>
  )
}

function Pages({ search, count }: { search: FleetSearch; count: number }) {
  const { fleet: words } = useWords()
  const change = useChange()
  const page = search.page ?? 1
  const last = Math.max(Math.ceil(count / fleetPageSize), 1)
  return (
    <Group justify="space-between">
      <Text size="sm" c="dimmed" role="status">
        {words.page(page, last, count)}
      </Text>
      <Group gap="xs">
        <Button variant="default" disabled={page <= 1} onClick={() => change({ ...search, page: page - 1 })}>
          {words.previous}
        </Button>
        <Button variant="default" disabled={page >= last} onClick={() => change({ ...search, page: page + 1 })}>
          {words.next}
        </Button>
      </Group>
    </Group>
  )
}

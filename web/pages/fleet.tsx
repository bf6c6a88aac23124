import { Stack, Table, Text, Title } from '@mantine/core'
import { Link, useNavigate, useSearch } from '@tanstack/react-router'
import type { BackupStatus } from '../../src/wire/backup-status.ts'
import { useDaysOfSets } from '../api/days.ts'
import { fleetPageSize, useBackupStatus } from '../api/fleet.ts'
import { usePerson } from '../api/session.ts'
import { useWords } from '../language.tsx'
import { Choices } from '../parts/choices.tsx'
import type { DayStatus } from '../parts/day-square.tsx'
import { OrderedHeading, Pages } from '../parts/list.tsx'
import { Moment } from '../parts/moment.tsx'
import { Empty, Loaded } from '../parts/states.tsx'
import { StatusMark } from '../parts/status.tsx'
import { Strip } from '../parts/strip.tsx'
import { fleetOrders, type FleetSearch, fleetStatuses } from '../router.tsx'

/** Every backup set with a condition, filtered, ordered and paged by the server; the address says which. */
export function Fleet() {
  const words = useWords()
  const search = useSearch({ from: '/inside/fleet' })
  const change = useChange()
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
              <Pages
                page={search.page}
                pageSize={fleetPageSize}
                count={count}
                says={words.fleet.page}
                change={page => change({ ...search, page })}
              />
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

function Filters({ search }: { search: FleetSearch }) {
  const words = useWords()
  const change = useChange()
  const choices = [undefined, ...fleetStatuses].map(value => ({
    value,
    label: value ? words.status[value] : words.morning.all,
  }))
  return (
    <Choices
      title={words.morning.showOnly}
      choices={choices}
      chosen={search.status}
      choose={status => change({ ...search, status, page: undefined })}
    />
  )
}

function Rows({ rows, search }: { rows: readonly BackupStatus[]; search: FleetSearch }) {
  const words = useWords()
  const change = useChange()
  const statuses = useStatuses(rows)
  return (
    <Table.ScrollContainer minWidth={880}>
      <Table striped>
        <Table.Thead>
          <Table.Tr>
            {fleetOrders.map(order => (
              <OrderedHeading
                key={order}
                order={order}
                label={words.fleet.columns[order]}
                present={search}
                usual="CONDITION_STATUS"
                change={changed => change({ ...search, ...changed })}
              />
            ))}
            <Table.Th>{words.fleet.lastDays}</Table.Th>
          </Table.Tr>
        </Table.Thead>
        <Table.Tbody>
          {rows.map(row => (
            <Table.Tr key={toKey(row)}>
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
              <Table.Td>
                <Strip statuses={statuses.get(toKey(row))} />
              </Table.Td>
            </Table.Tr>
          ))}
        </Table.Tbody>
      </Table>
    </Table.ScrollContainer>
  )
}

/** What the sets of a page were on each of the last days, once it has come. */
function useStatuses(rows: readonly BackupStatus[]): Map<string, readonly DayStatus[]> {
  const person = usePerson()
  const sets = rows.map(({ username, computer_id, backupset_name }) => ({ username, computer_id, backupset_name }))
  const days = useDaysOfSets(person.data?.partner ?? '', sets)
  return new Map(days.data?.sets.map(set => [toKey(set), set.statuses]))
}

function toKey({ username, computer_id, backupset_name }: SetOfRow): string {
  return `${username}/${computer_id}/${backupset_name}`
}

type SetOfRow = Pick<BackupStatus, 'username' | 'computer_id' | 'backupset_name'>

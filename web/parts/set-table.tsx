import { Table, Text } from '@mantine/core'
import { Link } from '@tanstack/react-router'
import type { BackupStatus } from '../../src/wire/backup-status.ts'
import { useDaysOfSets } from '../api/days.ts'
import { usePerson } from '../api/session.ts'
import { useWords } from '../language.tsx'
import type { DayStatus } from './day-square.tsx'
import { type ListOrder, OrderedHeading } from './list.tsx'
import { Moment } from './moment.tsx'
import { type SetOrder, setOrders } from './set-orders.ts'
import { StatusMark } from './status.tsx'
import { Strip } from './strip.tsx'

/** Backup sets and how they stand, with what each was on the last days. Without `ordering` they come as they come. */
export function SetTable({
  rows,
  ordering,
}: {
  rows: readonly BackupStatus[]
  ordering?: { present: ListOrder<SetOrder>; change: (order: ListOrder<SetOrder>) => void }
}) {
  const { fleet: words } = useWords()
  const statuses = useStatuses(rows)
  return (
    <Table.ScrollContainer minWidth={880}>
      <Table striped>
        <Table.Thead>
          <Table.Tr>
            {setOrders.map(order =>
              ordering ? (
                <OrderedHeading
                  key={order}
                  order={order}
                  label={words.columns[order]}
                  usual="CONDITION_STATUS"
                  {...ordering}
                />
              ) : (
                <Table.Th key={order}>{words.columns[order]}</Table.Th>
              ),
            )}
            <Table.Th>{words.lastDays}</Table.Th>
          </Table.Tr>
        </Table.Thead>
        <Table.Tbody>
          {rows.map(row => (
            <SetRow key={toKey(row)} row={row} statuses={statuses.get(toKey(row))} />
          ))}
        </Table.Tbody>
      </Table>
    </Table.ScrollContainer>
  )
}

function SetRow({ row, statuses }: { row: BackupStatus; statuses: readonly DayStatus[] | undefined }) {
  const { types } = useWords()
  const { username, computer_id: computerId, backupset_name: name } = row
  return (
    <Table.Tr>
      <Table.Td>
        <StatusMark status={row.condition_status} />
        <Text size="sm" c="dimmed">
          {row.condition_types
            .filter(type => type !== row.condition_status)
            .map(type => types[type])
            .join(', ')}
        </Text>
      </Table.Td>
      <Table.Td>
        <Link to="/accounts/$username" params={{ username }} className="plain">
          {username}
        </Link>
      </Table.Td>
      <Table.Td>
        <Link to="/accounts/$username/computers/$computerId" params={{ username, computerId }} className="plain">
          <bdi>{row.computer_name}</bdi>
        </Link>
      </Table.Td>
      <Table.Td>
        <Link
          to="/accounts/$username/computers/$computerId/sets/$name"
          params={{ username, computerId, name }}
          className="name"
        >
          <bdi>{name}</bdi>
        </Link>
      </Table.Td>
      <Table.Td>
        <Moment date={row.local_start} />
      </Table.Td>
      <Table.Td>
        <Strip statuses={statuses} />
      </Table.Td>
    </Table.Tr>
  )
}

/** What sets were on each of the last days, once it has come. */
function useStatuses(rows: readonly BackupStatus[]): Map<string, readonly DayStatus[]> {
  const person = usePerson()
  const sets = rows.map(({ username, computer_id, backupset_name }) => ({ username, computer_id, backupset_name }))
  const days = useDaysOfSets(person.data?.partner ?? '', sets)
  return new Map(days.map(set => [toKey(set), set.statuses]))
}

function toKey({
  username,
  computer_id,
  backupset_name,
}: Pick<BackupStatus, 'username' | 'computer_id' | 'backupset_name'>): string {
  return `${username}/${computer_id}/${backupset_name}`
}

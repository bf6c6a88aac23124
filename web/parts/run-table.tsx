import { Table } from '@mantine/core'
import { Link } from '@tanstack/react-router'
import type { ActionHistory } from '../../src/wire/action-history.ts'
import { useWords } from '../language.tsx'
import { useFormats } from './formats.ts'
import { Moment } from './moment.tsx'
import { StatusMark } from './status.tsx'

/** Runs as they come, each with the way to its page. `hasSets` tells of which set each was. */
export function RunTable({ runs, hasSets = false }: { runs: readonly ActionHistory[]; hasSets?: boolean }) {
  const { set: words, run: runWords, fleet } = useWords()
  const { number, bytes } = useFormats()
  return (
    <Table.ScrollContainer minWidth={640}>
      <Table striped>
        <Table.Thead>
          <Table.Tr>
            <Table.Th>{words.started}</Table.Th>
            {hasSets && <Table.Th>{fleet.columns.BACKUPSET_NAME}</Table.Th>}
            <Table.Th>{words.ended}</Table.Th>
            <Table.Th>{words.result}</Table.Th>
            <Table.Th ta="right">{words.files}</Table.Th>
            <Table.Th ta="right">{words.bytes}</Table.Th>
            <Table.Th ta="right">{words.errors}</Table.Th>
            <Table.Th ta="right">{words.warnings}</Table.Th>
            <Table.Th>{words.log}</Table.Th>
          </Table.Tr>
        </Table.Thead>
        <Table.Tbody>
          {runs.map(run => (
            <Table.Tr key={run.action_id}>
              <Table.Td>
                <Moment date={run.local_start} />
              </Table.Td>
              {hasSets && (
                <Table.Td>
                  <bdi>{run.backupset_name === '' ? runWords.types[run.type] : run.backupset_name}</bdi>
                </Table.Td>
              )}
              <Table.Td>{run.local_end === '' ? '–' : <Moment date={run.local_end} />}</Table.Td>
              <Table.Td>
                <StatusMark status={run.condition_status} />
              </Table.Td>
              <Table.Td ta="right">{number(run.processed_files)}</Table.Td>
              <Table.Td ta="right" title={number(run.bytes)}>
                {bytes(run.bytes)}
              </Table.Td>
              <Table.Td ta="right">{number(run.errors)}</Table.Td>
              <Table.Td ta="right">{number(run.warnings)}</Table.Td>
              <Table.Td>
                <Link
                  to="/accounts/$username/computers/$computerId/runs/$actionId"
                  params={{ username: run.username, computerId: run.computer_id, actionId: String(run.action_id) }}
                  className="name"
                >
                  {words.log}
                </Link>
              </Table.Td>
            </Table.Tr>
          ))}
        </Table.Tbody>
      </Table>
    </Table.ScrollContainer>
  )
}

import { Group, Stack, Title } from '@mantine/core'
import { useNavigate, useSearch } from '@tanstack/react-router'
import { fleetPageSize, useBackupStatus } from '../api/fleet.ts'
import { usePerson } from '../api/session.ts'
import { useWords } from '../language.tsx'
import { Choices } from '../parts/choices.tsx'
import { Pages } from '../parts/list.tsx'
import { SearchField } from '../parts/search-field.tsx'
import { SetTable } from '../parts/set-table.tsx'
import { Empty, Loaded } from '../parts/states.tsx'
import { type FleetSearch, fleetStatuses } from '../router.tsx'

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
              <SetTable
                rows={rows}
                ordering={{ present: search, change: changed => change({ ...search, ...changed }) }}
              />
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
    <Group align="flex-end">
      <SearchField
        label={words.morning.search}
        hint={words.fleet.searchHint}
        value={search.find ?? ''}
        change={find => change({ ...search, find: find === '' ? undefined : find, page: undefined })}
      />
      <Choices
        title={words.morning.showOnly}
        choices={choices}
        chosen={search.status}
        choose={status => change({ ...search, status, page: undefined })}
      />
    </Group>
  )
}

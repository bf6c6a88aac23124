import { Button, Group, Table, Text } from '@mantine/core'
import { useWords } from '../language.tsx'

/** How a list is ordered that the server orders and pages. */
export type ListOrder<Name extends string> = {
  order?: Name | undefined
  descending?: boolean | undefined
  page?: number | undefined
}

/** A heading that orders by its column, and turns the order round when it is already so. */
export function OrderedHeading<Name extends string>({
  order,
  label,
  present,
  usual,
  change,
}: {
  order: Name
  label: string
  present: ListOrder<Name>
  usual: Name
  change: (order: ListOrder<Name>) => void
}) {
  const isOrdered = (present.order ?? usual) === order
  const isDescending = isOrdered && present.descending === true
  return (
    <Table.Th aria-sort={isOrdered ? (isDescending ? 'descending' : 'ascending') : 'none'}>
      <button
        type="button"
        className="order"
        onClick={() => change({ order, descending: (isOrdered && !isDescending) || undefined, page: undefined })}
      >
        {label}
        <span aria-hidden="true">{isOrdered ? (isDescending ? ' ↓' : ' ↑') : ''}</span>
      </button>
    </Table.Th>
  )
}

/** Where one is in a list of `count` rows, and the way to the pages beside. `says` tells it in words. */
export function Pages({
  page = 1,
  pageSize,
  count,
  says,
  change,
}: {
  page: number | undefined
  pageSize: number
  count: number
  says: (page: number, last: number, count: number) => string
  change: (page: number) => void
}) {
  const { fleet: words } = useWords()
  const last = Math.max(Math.ceil(count / pageSize), 1)
  return (
    <Group justify="space-between">
      <Text size="sm" c="dimmed" role="status">
        {says(page, last, count)}
      </Text>
      <Group gap="xs">
        <Button variant="default" disabled={page <= 1} onClick={() => change(page - 1)}>
          {words.previous}
        </Button>
        <Button variant="default" disabled={page >= last} onClick={() => change(page + 1)}>
          {words.next}
        </Button>
      </Group>
    </Group>
  )
}

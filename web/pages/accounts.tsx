import { Stack, Table, Title } from '@mantine/core'
import { Link, useNavigate, useSearch } from '@tanstack/react-router'
import { usePerson } from '../api/session.ts'
import { accountsPageSize, useAccounts } from '../api/tree.ts'
import { useWords } from '../language.tsx'
import { useFormats } from '../parts/formats.ts'
import { OrderedHeading, Pages } from '../parts/list.tsx'
import { Empty, Loaded } from '../parts/states.tsx'
import { type AccountsSearch, accountOrders } from '../router.tsx'

/** The accounts below the partner of whoever looks, ordered and paged by the server. */
export function Accounts() {
  const { tree: words } = useWords()
  const { bytes } = useFormats()
  const search = useSearch({ from: '/inside/accounts' })
  const navigate = useNavigate()
  const person = usePerson()
  const change = (changed: AccountsSearch) => void navigate({ to: '/accounts', search: changed, replace: true })
  return (
    <Stack gap="lg">
      <Title order={1} size="h2">
        {words.accounts}
      </Title>
      <Loaded query={useAccounts(person.data?.partner ?? '', search)}>
        {({ list, count }) =>
          count === 0 ? (
            <Empty title={words.noAccounts} text={words.noAccountsText} />
          ) : (
            <>
              <Table.ScrollContainer minWidth={480}>
                <Table striped>
                  <Table.Thead>
                    <Table.Tr>
                      {accountOrders.map(order => (
                        <OrderedHeading
                          key={order}
                          order={order}
                          label={words.columns[order]}
                          present={search}
                          usual="NAME"
                          change={changed => change({ ...search, ...changed })}
                        />
                      ))}
                      <Table.Th ta="right">{words.usage}</Table.Th>
                    </Table.Tr>
                  </Table.Thead>
                  <Table.Tbody>
                    {list.map(({ username, name, usage }) => (
                      <Table.Tr key={username}>
                        <Table.Td>
                          <Link to="/accounts/$username" params={{ username }} className="name">
                            <bdi>{name}</bdi>
                          </Link>
                        </Table.Td>
                        <Table.Td>{username}</Table.Td>
                        <Table.Td ta="right">{bytes(usage)}</Table.Td>
                      </Table.Tr>
                    ))}
                  </Table.Tbody>
                </Table>
              </Table.ScrollContainer>
              <Pages
                page={search.page}
                pageSize={accountsPageSize}
                count={count}
                says={words.accountsPage}
                change={page => change({ ...search, page })}
              />
            </>
          )
        }
      </Loaded>
    </Stack>
  )
}

import { Stack, Table, Text, Title } from '@mantine/core'
import { Link, useNavigate, useParams, useSearch } from '@tanstack/react-router'
import { computersPageSize, useAccount, useAccountTriage, useComputers } from '../api/tree.ts'
import { useWords } from '../language.tsx'
import { Counts } from '../parts/counts.tsx'
import { useFormats } from '../parts/formats.ts'
import { Pages } from '../parts/list.tsx'
import { Moment } from '../parts/moment.tsx'
import { Fact, Section } from '../parts/section.tsx'
import { Empty, Loaded } from '../parts/states.tsx'

/** One account: how its sets stand, what is known of it, and its computers. */
export function AccountPage() {
  const { username } = useParams({ from: '/inside/accounts/$username' })
  const { tree: words } = useWords()
  return (
    <Stack gap="lg">
      <Link to="/accounts" className="back">
        ← {words.accounts}
      </Link>
      <Known username={username} />
      <Loaded query={useAccountTriage(username)}>{({ counts }) => <Counts counts={counts} />}</Loaded>
      <Section title={words.computers}>
        <Computers username={username} />
      </Section>
    </Stack>
  )
}

function Known({ username }: { username: string }) {
  const { tree: words } = useWords()
  const { bytes } = useFormats()
  return (
    <Loaded query={useAccount(username)}>
      {account => (
        <header>
          <Title order={1}>
            <bdi>{account.name}</bdi>
          </Title>
          <Text c="dimmed">{username}</Text>
          <dl className="facts">
            <Fact name={words.status}>{words.accountStatuses[account.status]}</Fact>
            <Fact name={words.zone}>{account.time_zone}</Fact>
            <Fact name={words.usage}>{bytes(account.usage)}</Fact>
            <Fact name={words.added}>
              <Moment date={account.signup_date} />
            </Fact>
            {account.reference_code !== '' && (
              <Fact name={words.reference}>
                <bdi>{account.reference_code}</bdi>
              </Fact>
            )}
          </dl>
        </header>
      )}
    </Loaded>
  )
}

function Computers({ username }: { username: string }) {
  const { tree: words } = useWords()
  const { bytes } = useFormats()
  const search = useSearch({ from: '/inside/accounts/$username' })
  const navigate = useNavigate()
  return (
    <Loaded query={useComputers(username, search)}>
      {({ list, count }) =>
        count === 0 ? (
          <Empty title={words.noComputers} text={words.noComputersText} />
        ) : (
          <>
            <Table.ScrollContainer minWidth={480}>
              <Table striped>
                <Table.Thead>
                  <Table.Tr>
                    <Table.Th>{words.computer}</Table.Th>
                    <Table.Th>{words.number}</Table.Th>
                    <Table.Th>{words.status}</Table.Th>
                    <Table.Th ta="right">{words.usage}</Table.Th>
                  </Table.Tr>
                </Table.Thead>
                <Table.Tbody>
                  {list.map(({ computer_id: computerId, name, status, usage }) => (
                    <Table.Tr key={computerId}>
                      <Table.Td>
                        <Link
                          to="/accounts/$username/computers/$computerId"
                          params={{ username, computerId }}
                          className="name"
                        >
                          <bdi>{name}</bdi>
                        </Link>
                      </Table.Td>
                      <Table.Td>{computerId}</Table.Td>
                      <Table.Td>{words.computerStatuses[status]}</Table.Td>
                      <Table.Td ta="right">{bytes(usage)}</Table.Td>
                    </Table.Tr>
                  ))}
                </Table.Tbody>
              </Table>
            </Table.ScrollContainer>
            <Pages
              page={search.page}
              pageSize={computersPageSize}
              count={count}
              says={words.computersPage}
              change={page =>
                void navigate({ to: '/accounts/$username', params: { username }, search: { page }, replace: true })
              }
            />
          </>
        )
      }
    </Loaded>
  )
}

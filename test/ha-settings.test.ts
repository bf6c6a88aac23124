import { readFileSync } from 'node:fs'
import { expect, test } from 'vitest'
import { toHaproxySettings } from './ha/haproxy.ts'
import { toPatroniSettings } from './ha/patroni-settings.ts'

const page = readFileSync(new URL('../docs/high-availability.md', import.meta.url), 'utf8')
const addresses = ['10.0.0.11', '10.0.0.12', '10.0.0.13']

test('the page on high availability shows the settings of Patroni that the scenario runs with', () => {
  const settings = toPatroniSettings({
    name: 'n1',
    address: '10.0.0.11',
    network: '10.0.0.0/24',
    etcdHosts: addresses.map(address => `${address}:2379`),
    data: '/var/lib/postgresql/15/lastgood',
    programs: '/usr/lib/postgresql/15/bin',
    socket: '/run/postgresql',
    superuserPassword: 'SECRET',
    replicationPassword: 'SECRET',
    ttl: 10,
  })
  expect(page).toContain(`\`\`\`yaml\n${settings}\`\`\``)
})

test('the page on high availability shows the settings of HAProxy that the scenario runs with', () => {
  const servers = addresses.map((address, index) => ({ name: `n${index + 1}`, address }))
  expect(page).toContain(`\`\`\`haproxy\n${toHaproxySettings(servers)}\`\`\``)
})

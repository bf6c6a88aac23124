import { readFileSync, writeFileSync } from 'node:fs'
import path from 'node:path'
import { describe, expect, test } from 'vitest'
import { generatedFiles } from '../scripts/generated-files.ts'
import { temporaryFolder } from '../test/support/temporary-folder.ts'
import { readConfig, settings } from './config.ts'

const checkout = path.resolve(import.meta.dirname, '..')

test.each(Object.entries(generatedFiles))('%s is as npm run generate writes it', (file, write) => {
  expect(readFileSync(path.join(checkout, file), 'utf8')).toBe(write())
})

test('every setting is on the page of settings', () => {
  const page = generatedFiles['docs/configuration.md']?.() ?? ''
  expect(Object.values(settings).filter(({ variable }) => !page.includes(`| \`${variable}\` |`))).toEqual([])
})

describe('the settings', () => {
  test('have defaults that can be used, and an empty variable is not set', () => {
    const defaults = {
      database: 'lastgood.sqlite',
      databaseConnections: 8,
      databaseTimeoutMs: 30_000,
      databasePrepared: 'auto',
      databaseReadUrl: null,
      publicUrl: null,
      pingHost: null,
      host: '127.0.0.1',
      port: 8480,
      trustedProxies: [],
      rateLimit: 6_000,
      addressRateLimit: 30_000,
      xmlConditionTypes: 'repeat',
      catchUpMs: 900_000,
      runDays: 1_095,
      logDays: 90,
      redact: [],
      smtp: null,
      logLevel: 'info',
    }
    expect(readConfig({})).toEqual(defaults)
    expect(readConfig({ LASTGOOD_PORT: '', LASTGOOD_HOST: '' })).toEqual(defaults)
  })

  test('of a command go before the environment', () => {
    const environment = { LASTGOOD_PORT: '80', LASTGOOD_DATABASE_URL: 'one.sqlite' }
    expect(readConfig(environment, { port: '81', database: undefined })).toMatchObject({
      port: 81,
      database: 'one.sqlite',
    })
  })

  test.each([
    ['0', 0],
    ['65535', 65_535],
  ])('take the port %s', (text, port) => {
    expect(readConfig({ LASTGOOD_PORT: text }).port).toBe(port)
  })

  test.each(['-1', '65536', '80.5', '1e3', ' 80', 'http'])('refuse the port %j', text => {
    expect(() => readConfig({ LASTGOOD_PORT: text })).toThrow('LASTGOOD_PORT: must be a port from 0 to 65535')
  })

  test('take connections, time limits and preparing for PostgreSQL', () => {
    const environment = {
      LASTGOOD_DATABASE_CONNECTIONS: '1000',
      LASTGOOD_DATABASE_TIMEOUT_SECONDS: '0',
      LASTGOOD_DATABASE_PREPARED: 'off',
    }
    const read = { databaseConnections: 1_000, databaseTimeoutMs: 0, databasePrepared: 'off' }
    expect(readConfig(environment)).toMatchObject(read)
  })

  test.each([
    ['LASTGOOD_DATABASE_CONNECTIONS', ['0', '1001', '2.5', '-1', 'many'], 'a number of connections from 1 to 1000'],
    ['LASTGOOD_DATABASE_TIMEOUT_SECONDS', ['-1', '3601', '1e3', '30s'], 'a number of seconds from 0 to 3600'],
    ['LASTGOOD_DATABASE_PREPARED', ['yes', 'AUTO'], 'auto, on or off'],
  ])('refuse what %s cannot be', (variable, wrong, rule) => {
    for (const text of wrong) expect(() => readConfig({ [variable]: text })).toThrow(`${variable}: must be ${rule}`)
  })

  test('take a standby of PostgreSQL for reports, and none of SQLite', () => {
    const url = 'postgres://reader:Zq7-hunter2@standby/lastgood'
    const environment = { LASTGOOD_DATABASE_URL: 'postgres://host/lastgood', LASTGOOD_DATABASE_READ_URL: url }
    expect(readConfig(environment).databaseReadUrl).toBe(url)
    expect(() => readConfig({ LASTGOOD_DATABASE_READ_URL: url })).toThrow(
      'LASTGOOD_DATABASE_READ_URL: an SQLite database has no standby; unset it.',
    )
    for (const text of ['standby', 'http://standby/', 'postgres://[', 'lastgood.sqlite']) {
      expect(() => readConfig({ ...environment, LASTGOOD_DATABASE_READ_URL: text })).toThrow(
        'LASTGOOD_DATABASE_READ_URL: must be an address such as postgres://user@host/database.',
      )
    }
  })

  test('take a host name for pings, in lower case, and refuse anything else', () => {
    expect(readConfig({ LASTGOOD_PING_HOST: 'Ping.Example.net' }).pingHost).toBe('ping.example.net')
    for (const text of ['https://ping.example.net', 'ping.example.net:443', 'ping_1', '-a.net', 'a..b', '[::1]']) {
      expect(() => readConfig({ LASTGOOD_PING_HOST: text })).toThrow('LASTGOOD_PING_HOST: must be a host name')
    }
  })

  test.each(['backup.example.net', 'ftp://example.net', 'https://user@example.net', 'https://example.net/?a=1'])(
    'refuse the address %s',
    text => {
      expect(() => readConfig({ LASTGOOD_PUBLIC_URL: text })).toThrow('LASTGOOD_PUBLIC_URL: must be an address')
    },
  )

  test('take mail where a port and a domain are set', () => {
    const mail = { LASTGOOD_SMTP_PORT: '25', LASTGOOD_SMTP_DOMAIN: 'Mail.Example.net, xn--bro-hoa.example' }
    expect(readConfig({ LASTGOOD_SMTP_DOMAIN: 'mail.example.net' }).smtp).toBeNull()
    expect(readConfig(mail).smtp).toEqual({
      port: 25,
      host: '127.0.0.1',
      domains: ['mail.example.net', 'büro.example'],
      tls: null,
      maxBytes: 10_485_760,
      takesAnyLogin: false,
    })
    const more = { LASTGOOD_SMTP_TLS_CERT: 'a', LASTGOOD_SMTP_TLS_KEY: 'b', LASTGOOD_SMTP_LOGIN: 'any' }
    expect(readConfig({ ...mail, ...more, LASTGOOD_SMTP_MAX_MEGABYTES: '1' }).smtp).toMatchObject({
      tls: { certificateFile: 'a', keyFile: 'b' },
      maxBytes: 1_048_576,
      takesAnyLogin: true,
    })
  })

  test.each([
    [{ LASTGOOD_SMTP_DOMAIN: '' }, 'LASTGOOD_SMTP_DOMAIN: must name the domain'],
    [{ LASTGOOD_SMTP_DOMAIN: '@example.net' }, 'LASTGOOD_SMTP_DOMAIN: must be a host name'],
    [{ LASTGOOD_SMTP_TLS_CERT: 'a' }, 'LASTGOOD_SMTP_TLS_CERT and LASTGOOD_SMTP_TLS_KEY: set both'],
    [{ LASTGOOD_SMTP_MAX_MEGABYTES: '0' }, 'LASTGOOD_SMTP_MAX_MEGABYTES: must be a number of megabytes'],
    [{ LASTGOOD_SMTP_LOGIN: 'all' }, 'LASTGOOD_SMTP_LOGIN: must be none or any'],
  ])('refuse mail with %j', (wrong, problem) => {
    const mail = { LASTGOOD_SMTP_PORT: '25', LASTGOOD_SMTP_DOMAIN: 'mail.example.net' }
    expect(() => readConfig({ ...mail, ...wrong })).toThrow(problem)
  })

  test('tell every problem at once', () => {
    const wrong = { LASTGOOD_PORT: 'x', LASTGOOD_LOG_LEVEL: 'loud', LASTGOOD_XML_CONDITION_TYPES: 'none' }
    expect(() => readConfig(wrong)).toThrow(
      /^LASTGOOD_PORT: .*\nLASTGOOD_XML_CONDITION_TYPES: .*\nLASTGOOD_LOG_LEVEL: .*$/,
    )
  })

  test('take patterns to redact, one a line, and name each that is none', () => {
    const patterns = '# numbers of customers\ncustomer \\d+\r\n\n  \n[a-z]+;x\n'
    expect(readConfig({ LASTGOOD_REDACT: patterns }).redact).toEqual(['customer \\d+', '[a-z]+;x'])
    expect(() => readConfig({ LASTGOOD_REDACT: 'fine\n(?=x)\nx*' })).toThrow(
      /^LASTGOOD_REDACT: the pattern "\(\?=x\)" is not one of RE2: .*`\. the pattern "x\*" matches the empty text/,
    )
  })

  test('take a secret from the file that its variable names, unless the variable itself is set', () => {
    using folder = temporaryFolder()
    const file = path.join(folder.path, 'secret')
    writeFileSync(file, 'postgres://user:secret@db/lastgood\n')
    const environment = { LASTGOOD_DATABASE_URL_FILE: file }
    expect(readConfig(environment).database).toBe('postgres://user:secret@db/lastgood')
    expect(readConfig({ ...environment, LASTGOOD_DATABASE_URL: 'own.sqlite' }).database).toBe('own.sqlite')
    expect(() => readConfig({ LASTGOOD_DATABASE_URL_FILE: `${file}.gone` })).toThrow('cannot be read')
  })
})

import fc from 'fast-check'
import { expect, test } from 'vitest'
import { buildRedaction } from './redaction.ts'
import { redactionMark } from './redaction-scan.ts'

const redact = buildRedaction([])
// LASTGOOD_REDACTION_RUNS=100000 looks further.
const numRuns = Number(process.env['LASTGOOD_REDACTION_RUNS'] ?? 2_000)

/** What secrets are made of; each begins and ends with what no text around it does. */
const secretOf = (letters: string, maxLength = 40) =>
  fc.string({ unit: fc.constantFrom(...Array.from(letters)), minLength: 4, maxLength }).map(middle => `Zq7${middle}9xW`)

const alphanumeric = 'abcdefXYZ0123456789'
const word = secretOf(`${alphanumeric}-_.~+/=%!$*@^`)
const free = secretOf(`${alphanumeric} -_.~+/=%!$*@^,;:#&|(){}[]<>?é💾`)
const token = secretOf(alphanumeric)
const uuid = fc.uuid()
const base64Lines = fc.array(
  fc.string({ unit: fc.constantFrom(...Array.from(`${alphanumeric}+/`)), minLength: 64, maxLength: 64 }),
  {
    minLength: 1,
    maxLength: 30,
  },
)

const form = (secret: fc.Arbitrary<string>, ...plant: ((secret: string) => string)[]) =>
  secret.chain(secret => fc.constantFrom(...plant).map(plant => ({ secret, text: plant(secret) })))

/** Texts with a secret in them, of every form that is promised. */
const planted = fc.oneof(
  form(
    secretOf(`${alphanumeric}-_.~+=%!$*@^:`),
    secret => `https://user:${secret}@host/path`,
    secret => `rest:http://user:${secret}@host:8000/`,
    secret => `sftp://user:${secret}@host//srv`,
    secret => `sftp:user:${secret}@host:/srv`,
  ),
  form(
    secretOf(`${alphanumeric}-_.~%`),
    ...['token', 'Key', 'client_secret', 'PASSWORD', 'X-Amz-Signature', 'sig', 'access_key'].map(
      name => (secret: string) => `https://host/path?a=1&${name}=${secret}&b=2`,
    ),
  ),
  form(
    word,
    ...['RESTIC_PASSWORD', 'PGPASSWORD', 'MYSQL_PWD', 'B2_ACCOUNT_KEY', 'A_TOKEN', 'AWS_SECRET_ACCESS_KEY'].flatMap(
      name => [
        (secret: string) => `${name}=${secret}`,
        (secret: string) => `export ${name}='${secret}' restic backup`,
        (secret: string) => `${name}=${secret} restic backup /srv`,
      ],
    ),
    secret => `--password=${secret}`,
    secret => `--secret-key '${secret}' --verbose`,
    secret => `mysqldump -u root -p${secret} db`,
    secret => `password = ${secret}`,
  ),
  form(
    free,
    secret => `export BORG_PASSPHRASE="${secret}"`,
    secret => `{"user":"me","password":"${secret}"}`,
    secret => `{"apiKey" : "${secret}", "x":1}`,
    secret => `A=1\nRESTIC_PASSWORD=${secret}`,
    secret => `--passphrase "${secret}"`,
    secret => `\nPassword: ${secret}`,
    secret => `\nEnter passphrase for key /root/.ssh/id: ${secret}`,
  ),
  form(
    token,
    secret => `Authorization: Bearer ${secret}`,
    secret => `-H 'Authorization: OAuth ${secret}'`,
    secret => `authorization: basic ${secret}==`,
    secret => `https://hooks.slack.com/services/${secret}`,
    secret => `https://discord.com/api/webhooks/1234567890/${secret}`,
    secret => `https://x.webhook.office.com/webhookb2/${secret}`,
    secret => `ghp_${secret.padEnd(36, 'a')}`,
    secret => `github_pat_${secret.padEnd(36, 'a')}`,
    secret => `xoxp-${secret}`,
    secret => `AIza${secret.padEnd(35, 'a')}`,
    secret => `lgk_${secret.padEnd(43, 'a')}`,
    secret => `eyJhbGciOi.${secret}.${secret}`,
  ),
  form(
    secretOf('ABCDEFGHIJ0123456789', 16).map(secret => secret.toUpperCase().padEnd(16, 'A')),
    secret => `AKIA${secret}`,
  ),
  form(
    uuid,
    secret => `https://host/ping/${secret}/start`,
    secret => `https://hc-ping.com/${secret}`,
  ),
)

const fragments = fc.constantFrom(
  'password',
  'PASSWORD',
  'token',
  'key',
  'secret',
  '=',
  ':',
  '://',
  '@',
  '"',
  "'",
  '\\',
  '\\"',
  '--',
  '-p',
  ' ',
  '\n',
  ',',
  '{',
  '}',
  '[',
  ']',
  '<',
  '>',
  '&',
  '?',
  '/',
  '…',
  '[redacted]',
  'a',
  'using',
  'no',
  '12',
  'mysql',
  'Authorization',
  'Bearer',
  'cookie',
  'ping/',
  'lgk_',
  'eyJ',
  'AKIA',
  '-----BEGIN PRIVATE KEY-----',
  '-----END PRIVATE KEY-----',
  '\\n',
  'A_KEY',
  '\t',
)
const surroundings = fc.oneof(
  fc.array(fragments, { maxLength: 25 }).map(parts => parts.join('')),
  fc.string({ unit: 'grapheme', maxLength: 60 }),
)
const gap = fc.constantFrom('\n', ' ', '\t', '\r\n')

test('a planted secret never survives, whatever stands around it', () => {
  fc.assert(
    fc.property(surroundings, gap, planted, gap, surroundings, (before, gap, { secret, text }, otherGap, after) => {
      expect(redact(`${before}${gap}${text}${otherGap}${after}`)).not.toContain(secret)
    }),
    { numRuns },
  )
})

test('no line of a planted private key survives, whatever stands around it', () => {
  fc.assert(
    fc.property(
      surroundings,
      base64Lines,
      fc.constantFrom('\n', '\r\n', '\\n', ' '),
      surroundings,
      (before, lines, gap, after) => {
        const key = ['-----BEGIN PRIVATE KEY-----', ...lines, '-----END PRIVATE KEY-----'].join(gap)
        const redacted = redact(`${before}\n${key}\n${after}`)
        expect(lines.filter(line => redacted.includes(line))).toEqual([])
      },
    ),
    { numRuns },
  )
})

test('redacting twice changes nothing more', () => {
  const redactOwn = buildRedaction(['customer \\d+', '^a.*b$', 'id (?P<secret>\\w+)'])
  const own = fc.constantFrom('customer 12', '\nab\n', 'id abc')
  const texts = fc.array(
    fc.oneof(
      surroundings,
      own,
      planted.map(({ text }) => text),
    ),
    { maxLength: 6 },
  )
  fc.assert(
    fc.property(texts, gap, (parts, gap) => {
      const once = redactOwn(parts.join(gap))
      expect(redactOwn(once)).toBe(once)
    }),
    { numRuns },
  )
})

test('a text without anything that tells a secret stays as it is', () => {
  const letters = fc.string({
    unit: fc.constantFrom(...Array.from('abdgmr 0123456789/._-\n\t"\'{}[]()<>@,;#%é💾')),
    maxLength: 500,
  })
  fc.assert(
    fc.property(letters, text => {
      expect(redact(text)).toBe(text)
    }),
    { numRuns },
  )
})

test('what is not redacted stays in its place', () => {
  fc.assert(
    fc.property(surroundings, planted, surroundings, (before, { text }, after) => {
      const whole = `${before}\n${text}\n${after}`
      let from = 0
      for (const part of redact(whole).split(redactionMark)) {
        const at = whole.indexOf(part, from)
        expect(at).toBeGreaterThanOrEqual(from)
        from = at + part.length
      }
    }),
    { numRuns },
  )
})

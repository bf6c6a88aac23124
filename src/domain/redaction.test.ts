import { describe, expect, test } from 'vitest'
import { buildRedaction } from './redaction.ts'
import { toPingHostPattern } from './redaction-patterns.ts'

const redact = buildRedaction([])

/** What is written with `«secret»` is redacted to the same with `[redacted]`, and nothing else of it changes. */
function expectRedacted(marked: string): void {
  expect(redact(marked.replaceAll(/«([^»]*)»/g, '$1'))).toBe(marked.replaceAll(/«[^»]*»/g, '[redacted]'))
}

describe('the password of a URL is redacted', () => {
  test.each([
    'cloning https://user:«hunter2»@host/path failed',
    'https://:«hunter2»@host',
    'repository rest:https://backup:«p%40ss»@host:8000/ opened',
    'sftp://me:«hunter2»@host:22//srv, s3:https://AKID:«hunter2»@minio.example.net/bucket',
    'sftp:me:«hunter2»@host:/srv',
    'postgres://me:«hun:ter@2»@db:5432/app',
    'postgres://me:«hun/ter2»@db:5432/app',
    "amqp://me:«$ecret!'x»@host",
    '"https:\\/\\/me:«hunter2»@host\\/"',
    "['https://me:«hunter2»@host', 'next@example.net']",
    'a message that was cut off at https://me:«hun»',
    'a message that was cut off at https://me:«hun»…',
  ])('%s', expectRedacted)
})

describe('a parameter of a URL or a form is redacted', () => {
  test.each([
    'GET https://host/path?token=«abc»&other=1#part',
    'https://host/?a=1&X-Amz-Signature=«0a1b»&X-Amz-Credential=«AK/2026»&X-Amz-Date=20260101',
    'https://account.blob.core.windows.net/c?sv=2022&SIG=«a%2Fb%3D»&se=2026',
    'https://host/?access_key=«abc»&Secret=«abc»&PASSWORD=«abc»&key=«abc»&signature=«abc»&n=1',
    'user=me&password=«hun;ter2»&x=1',
    'sent key=«abc»&user=me',
    'auth[password]=«abc»&user=me',
    '<a href="https://host/?apikey=«abc»">',
  ])('%s', expectRedacted)
})

describe('the value of an environment variable is redacted', () => {
  test.each([
    'RESTIC_PASSWORD=«hunter2»',
    "export RESTIC_PASSWORD='«hun ter2»'",
    'declare -x BORG_PASSPHRASE="«hun\\"ter 2»"',
    "export A_SECRET='«it'\\''s secret»' B=1",
    '+ AWS_SECRET_ACCESS_KEY=«a/b+c» restic backup /srv',
    'B2_ACCOUNT_KEY=«K001abc» AZURE_ACCOUNT_KEY=«abc==» ST_KEY=«abcdef»',
    'PGPASSWORD=«hunter2» pg_dump -h host',
    'MYSQL_PWD=«hunter2» DB_PASS=«hunter2» SSHPASS=«hunter2»',
    'GITHUB_TOKEN=«abc» MY_API_KEY=«abc» TLS_PRIVATE_KEY=«abc» SOME_CREDENTIAL=«abc» HTTP_PASSWD=«abc»',
    '$env:RESTIC_PASSWORD="«hunter2»"',
    'docker run -e RESTIC_PASSWORD=«hunter2» restic',
    'docker run -e "RESTIC_PASSWORD=«correct horse battery»" restic',
    '{"Env":["PATH=/bin","RESTIC_PASSWORD=«correct horse»","HOME=/root"]}',
    '{"command":"BORG_PASSPHRASE=«hunter2» borg create --stats ::x /srv"}',
    'HOME=/root\nRESTIC_PASSWORD=«correct horse "battery" staple»\nPWD=/srv\n',
    'RESTIC_PASSWORD=«correct horse»\r\nHOME=C:\\\r\n',
    "RESTIC_PASSWORD_COMMAND='«echo hunter2»'",
  ])('%s', expectRedacted)

  test.each([
    'RESTIC_PASSWORD_FILE=/etc/restic/password',
    'BORG_PASSPHRASE_FD=5 BORG_PASSCOMMAND="cat /root/.borg" RESTIC_PASSWORD_COMMAND="pass show restic"',
    'PGPASSFILE=/root/.pgpass SSH_ASKPASS=/usr/bin/askpass PWD=/srv OLDPWD=/root',
    'GOOGLE_APPLICATION_CREDENTIALS=/etc/keys/gcs.json',
    'RESTIC_PASSWORD= restic backup',
    'RESTIC_PASSWORD=*** TOKEN=<hidden> SECRET=[redacted] PASSWORD=yes',
    'MAX_TOKENS=100 TOKEN_TYPE=bearer BYPASS=1 COMPASS=north KEYBOARD=de',
  ])('but not of one that says where it is, or nothing: %s', expectRedacted)
})

describe('an option of a command is redacted', () => {
  test.each([
    'duplicity --password=«hunter2» full /srv',
    'tool --password «hunter2» --verbose',
    "tool --passphrase '«correct horse»' /srv",
    'tool --api-key «abc» -passphrase «abc» --secret-key=«abc»',
    "['tool', '--password', '«hunter2»', '/srv']",
    '["tool","--password","«hunter2»"]',
    'mysqldump -u root -p«hunter2» --all-databases',
    "/usr/bin/mariadb-dump -uroot -p'«hun ter2»' db",
    '["mysql","-u","root","-p«hunter2»","db"]',
    'mydumper -B db -p «hunter2» -o out',
    'sshpass -p «hunter2» ssh host',
    '7z a -p«hunter2» out.7z /srv',
    'curl -fsS -u me:«hunter2» ftp://host/',
    'smbclient //host/share -U me%«hunter2»',
    'redis-cli -a «hunter2» save',
    'rclone obscure «hunter2»',
    'dar -c /srv/full -R /home -K aes:«hunter2» -Q',
    'dar -x /srv/full -K :«hunter2»',
    'zip -r -P «hunter2» out.zip /srv',
    'openssl enc -aes-256-cbc -k «hunter2» -in a',
    'sqlcmd -S db -U sa -P «hunter2»',
    'mongodump -u me -p «hunter2» --gzip',
  ])('%s', expectRedacted)

  test.each([
    'mysqldump -p db and mysql -P3306',
    'ssh -p2222 host | mysql db',
    'mysql db | ssh -p2222 host',
    'docker run --name mysql -p3306:3306 mysql',
    'sshpass -f /etc/secret ssh -p 2222 host',
    'tool --password-file /etc/secret --no-password --token-type x',
    'use --password to set it, or --password-file; --token is required',
    'curl -u me https://host/',
    'rclone copy obscure remote:a, zip -r out.zip dir',
    'dar -K is for encryption, calendar -K a:b, unzip -P',
  ])('but not what only looks like one: %s', expectRedacted)
})

describe('a header is redacted', () => {
  test.each([
    'Authorization: Bearer «abc.def»',
    '> authorization: basic «dXNlcjpwYXNz»',
    "curl -H 'Authorization: OAuth «abc»' https://host/",
    '{"Authorization":"Bearer «abc»","Accept":"*/*"}',
    'map[Authorization:[Bearer «abc»] Accept:[*/*]]',
    'Proxy-Authorization: Digest «username="me", response="0a1b"»',
    '"Authorization: AWS4-HMAC-SHA256 «Credential=AK/2026, Signature=0a1b»", next',
    'Authorization: «PVEAPIToken=root@pam!mon=0a1b2c3d-0000-0000-0000-000000000000»',
    'sent Bearer «abcdefgh12345678»',
    'X-Api-Key: «abc12345»\nX-Vault-Token: «abc12345»',
    'Set-Cookie: «session=abc; path=/»\nNext: 1',
  ])('%s', expectRedacted)

  test('but not what is written about one', () => {
    const text = 'authorization: required; authorization failed; bearer of news; cookie: none'
    expect(redact(text)).toBe(text)
  })
})

describe('a member of JSON, YAML or XML is redacted', () => {
  test.each([
    '{"password":"«hun\\"ter 2»","user":"me"}',
    '{"clientSecret": "«abc»", "access_token" : "«abc»", "apiKey":"«abc»", "passphrase":"«\\\\»"}',
    '{"msg":"{\\"password\\":\\"«hun\\\\\\"ter2»\\",\\"user\\":\\"me\\"}"}',
    '{"msg":"login password=«hunter2» failed"}',
    '{"pin":1,"password":«12345678»,"x":[1]}',
    "{'password': '«hunter2»', 'user': 'me'}",
    "  'password' => '«hunter2»',",
    'password: «hunter2»\nuser: me\n  - secret_key: «abc»\n',
    '<User>me</User><Password>«hunter2»</Password>',
    'Server=db;User Id=me;Password=«hun,ter2»;Timeout=5',
    'mount -o username=me,password=«hunter2»,vers=3.0',
    "ALTER ROLE me WITH PASSWORD '«hunter2»';",
    "CREATE USER me IDENTIFIED BY '«hunter2»';",
  ])('%s', expectRedacted)
})

describe('what was typed at a prompt is redacted', () => {
  test.each([
    'Password: «hunter2»',
    'enter new password: «correct horse»',
    '2026-01-02 03:04:05 INFO Password: «correct horse battery»',
    'Enter passphrase for key /root/.ssh/id_ed25519: «hunter2»',
    "root@host's password: «hunter2»",
    '[sudo] password for me: «hunter2»',
    'user: me, password: «hunter2», host: db',
    'Secret key: «abc»\nAPI key: «abc»',
  ])('%s', expectRedacted)

  test.each([
    'Enter password: \nnext line',
    "Access denied for user 'me'@'localhost' (using password: YES)",
    'host: localhost, user: root, password: set, port: not set, password: not set, socket: /s',
    'Fatal: wrong password: try again',
    'Error: invalid token: expired',
    'unexpected token: }',
    'open /srv/private.key: permission denied, "/srv/secret": open, ./password: OK',
    'private.key: OK',
    'std::token::Error, token::next',
  ])('but not what is written about one: %s', expectRedacted)
})

const pem = [
  'MIIEvQIBADANBgkqhkiG9w0BAQEFAASCBKcwggSjAgEAAoIBAQC7VJTUt9Us8cKj',
  'MzEfYyjiWA4R4/M2bS1GB4t7NXp98C3SSGdYzQ8f7mZ6o2T0q8bXW1f8sd0pVbN3',
  'kQ==',
]

describe('a private key is redacted', () => {
  const [begin, end] = ['-----BEGIN RSA PRIVATE KEY-----', '-----END RSA PRIVATE KEY-----']
  test.each([
    ['as a file has it', `a\n${begin}\n«${pem.join('\n')}»\n${end}\nb`],
    ['with headers', `${begin}\n«Proc-Type: 4,ENCRYPTED\n\n${pem.join('\n')}»\n${end}\n`],
    ['in one line', `key ${begin} «${pem.join(' ')}» ${end} was read`],
    ['as JSON has it', `{"key":"${begin}\\n«${pem.join('\\n')}\\n»${end}\\n"}`],
    ['behind the times of a log', `${begin}\n«12:00 ${pem.join('\n12:00 ')}\n12:00» ${end}`],
    ['in a variable', `KEY="${begin}\n«${pem.join('\n')}»\n${end}"\n`],
    ['whose end was cut off', `${begin}\n«${pem.join('\n')}»\n… 99 characters left out …\nmore text follows`],
    ['whose end was cut off within a line', `${begin} «${pem[0]} ${pem[1]}»…`],
    ['whose beginning was cut off', `99 characters left out …\n«${pem[0]}»\n«${pem[1]}»\n«${pem[2]}»\n${end}\nb`],
  ])('%s', (_, marked) => expectRedacted(marked))

  test('but not a certificate or a public key', () => {
    const text = `-----BEGIN CERTIFICATE-----\n${pem.join('\n')}\n-----END CERTIFICATE-----\n`
    expect(redact(text)).toBe(text)
  })
})

describe('a token that shows what it is is redacted', () => {
  test.each([
    'AKIA«IOSFODNN7EXAMPLE» and ASIA«IOSFODNN7EXAMPLE»',
    'AKIA«IOSFODNN7EXAMPLE»:«wJalrXUtnFEMI/K7MDENG/bPxRfiCYEXAMPLEKEY»',
    `ghp_«${'a1B2'.repeat(9)}» github_pat_«${'a1B2'.repeat(9)}»`,
    'xoxb-«123456789012-abcdefABCDEF»',
    `AIza«${'a1B2-'.repeat(7)}»`,
    `eyJ«hbGciOiJIUzI1NiJ9.${'a1B2'.repeat(6)}.${'a1-_'.repeat(9)}»`,
    `lgk_«${'a1-_'.repeat(10)}abc»`,
    `lgr_«${'a1-_'.repeat(7)}»`,
    `glpat-«${'a1B2'.repeat(5)}»`,
  ])('%s', expectRedacted)

  test.each([
    'https://host/ping/«5d5a8f0e-6c0b-4c0a-9d1c-0a1b2c3d4e5f»/start',
    `https://host/ping/«${'a1B2-_'.repeat(4).slice(0, 22)}»/nightly-backup`,
    'https:\\/\\/host\\/ping\\/«5d5a8f0e-6c0b-4c0a-9d1c-0a1b2c3d4e5f»',
    'https://hc-ping.com/«5d5a8f0e-6c0b-4c0a-9d1c-0a1b2c3d4e5f»/fail',
    'https://backup.example.net/hooks/duplicati/«5d5a8f0e-6c0b-4c0a-9d1c-0a1b2c3d4e5f»',
    'https://backup.example.net/hooks/proxmox/«aB3dE5gH7jK9mN1pQ3sT5u»/documents?create=1',
    'https://hooks.slack.com/services/«T00000000/B00000000/abcdefghijkl»',
    'https://discord.com/api/webhooks/«123456789/abc-DEF_1»?wait=true',
    'https://acme.webhook.office.com/webhookb2/«0a1b@0a1b/IncomingWebhook/0a1b/0a1b»',
    'https://api.telegram.org/bot«123456:abc-DEF»/sendMessage',
  ])('and so is an address that is one: %s', expectRedacted)
})

describe('what is no secret stays as it is', () => {
  test.each([
    ['an address', 'https://host:8080/path/me@example.net, user@host, ssh://git@host:22/repo, http://[::1]:80/a@b'],
    ['an image by its digest', 'docker://alpine:3.20@sha256:0a1b'],
    ['a snapshot', 'snapshot 5d5a8f0e saved, parent 0a1b2c3d, repository 0a1b2c3d4e opened (version 2)'],
    ['a hash', `${'0a1b2c3d'.repeat(8)}  secret/token.txt\nMD5 (key) = ${'0a1b'.repeat(8)}`],
    ['a UUID', 'run 5d5a8f0e-6c0b-4c0a-9d1c-0a1b2c3d4e5f, /shipping/5d5a8f0e-6c0b-4c0a-9d1c-0a1b2c3d4e5f'],
    ['a file', '/home/me/.password-store/key.gpg, C:\\secrets\\token.txt, >f+++++++++ etc/passwd'],
    ['a key of something else', '{"key":"path/of/object","Key":"a","keys":3,"primaryKey":"id"}'],
    ['a count', 'tokens=5, "secrets": 12, pass=2'],
    ['a time zone', 'Asia/Tokyo, asia'],
  ])('%s', (_, text) => {
    expect(redact(text)).toBe(text)
  })
})

describe('a pattern of one’s own', () => {
  test('hides what it matches, in each line, besides what is known', () => {
    const redactOwn = buildRedaction(['customer \\d+', '(?i)kennzeichen: .*$'])
    expect(redactOwn('customer 12 and customer 345\nKENNZEICHEN: B-XY 1\nTOKEN=abc')).toBe(
      '[redacted] and [redacted]\n[redacted]\nTOKEN=[redacted]',
    )
  })

  test('hides only its group `secret` where it has one', () => {
    expect(buildRedaction(['customer (?P<secret>\\d+) is'])('customer 12 is here')).toBe('customer [redacted] is here')
    expect(buildRedaction(['(a|b)c'])('ac bc')).toBe('[redacted] [redacted]')
  })

  test('begins and ends with a line, whatever ends it', () => {
    const redactOwn = buildRedaction(['^x+$'])
    expect(redactOwn('xx\nxx\r\nyxx\rxx')).toBe('[redacted]\n[redacted]\r\nyxx\r[redacted]')
  })

  test('finds what stands in a very long line, wherever', () => {
    const line = Array.from({ length: 3_000 }, (_, index) => `word${index % 7}`).join(' ')
    const text = `${line} customer 12 ${line} customer 34`
    expect(buildRedaction(['customer \\d+'])(text)).toBe(text.replaceAll(/customer \d+/g, '[redacted]'))
  })

  test('is made of the host of pings', () => {
    const redactPings = buildRedaction([toPingHostPattern('ping-1.example.net')])
    expect(
      redactPings('https://PING-1.example.net/5d5a8f0e-6c0b-4c0a-9d1c-0a1b2c3d4e5f/fail, ping-1.example.net/a'),
    ).toBe('https://PING-1.example.net/[redacted]/fail, ping-1.example.net/a')
  })

  test('leaves alone what is redacted already', () => {
    const redactOwn = buildRedaction(['red', '\\[.*\\]', 'a'])
    expect(redactOwn('xa [x] red')).toBe('x[redacted] [redacted] [redacted]')
    expect(redactOwn(redactOwn('xa [x] red'))).toBe(redactOwn('xa [x] red'))
  })

  test.each([
    ['(?=x)', 'the pattern "(?=x)" is not one of RE2: invalid or unsupported Perl syntax: `(?=`.'],
    ['(a)\\1', 'the pattern "(a)\\\\1" is not one of RE2: invalid escape sequence: `\\1`.'],
    ['(', 'the pattern "(" is not one of RE2: missing closing ): `(`.'],
    ['x*', 'the pattern "x*" matches the empty text; it must match a secret.'],
  ])('%j that cannot be used is refused by name', (pattern, message) => {
    expect(() => buildRedaction(['fine', pattern])).toThrow(message)
  })
})

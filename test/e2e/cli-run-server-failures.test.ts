import type { ServerResponse } from 'node:http'
import { describe, expect, test } from 'vitest'
import { type EndedProcess, someKey, startRun } from '../support/lastgood-process.ts'
import { type Answering, openReportReceiver, take } from '../support/report-receiver.ts'

describe.concurrent('a server that fails does not hinder the command', () => {
  const answers: [string, Answering, RegExp][] = [
    ['answers 500', status(500), /answered 500: see the log of the server\.$/],
    ['answers 401', status(401), /does not know the agent key: check LASTGOOD_KEY\.$/],
    ['answers 400', status(400, { error_description: `No set.\n${someKey}` }), /answered 400: No set\. the key$/],
    ['answers 404 without a word', status(404), /has no \/v1\/runs: check LASTGOOD_URL\.$/],
    ['is another one', page, /is no Lastgood server: check LASTGOOD_URL\.$/],
    ['points elsewhere', elsewhere, /points to https:\/\/elsewhere\.example: check LASTGOOD_URL\.$/],
    ['answers garbage', garbage, /does not speak HTTP: check the address and port in LASTGOOD_URL\.$/],
    ['resets the connection', response => response.socket?.resetAndDestroy(), /broke off the connection: check/],
  ]

  test.each(answers)('one that %s', async (_, answer, message) => {
    await using server = await openReportReceiver(answer)
    const run = startRun(server.url, ['sh', '-c', 'echo out; exit 3'])
    expectUnhindered(await run.ended, message)
  })

  test('one that is not there', async () => {
    const { url, [Symbol.asyncDispose]: close } = await openReportReceiver()
    await close()
    const run = startRun(url, ['sh', '-c', 'echo out; exit 3'])
    expectUnhindered(await run.ended, /refused the connection: check LASTGOOD_URL, and that the server runs\.$/)
  })

  test('one that does not answer the start is told it again, and then the end', async () => {
    await using server = await openReportReceiver((response, _, number) => number > 1 && take(response))
    const run = startRun(server.url, ['sh', '-c', 'exit 3'])
    expect(await run.ended).toMatchObject({ status: 3, stderr: '' })
    expect(server.reports.map(({ query }) => query['exit_status'])).toEqual([undefined, undefined, '3'])
  })

  test('one that refuses the start is told the end', async () => {
    await using server = await openReportReceiver((response, report, number) =>
      number === 1 ? status(500)(response, report, number) : take(response),
    )
    expect(await startRun(server.url, ['true']).ended).toMatchObject({ status: 0, stderr: '' })
  })

  test('one that is busy is asked again when it says so', async () => {
    await using server = await openReportReceiver((response, _, number) =>
      number === 2 || number === 3 ? response.writeHead(503, { 'retry-after': '0' }).end() : take(response),
    )
    expect(await startRun(server.url, ['true']).ended).toMatchObject({ status: 0, stderr: '' })
    const [, ...ends] = server.reports.map(report => report.query['run_key'])
    expect(ends).toEqual([ends[0], ends[0], ends[0]])
  })
})

function expectUnhindered(ended: EndedProcess, message: RegExp): void {
  expect(ended).toMatchObject({ status: 3, stdout: Buffer.from('out\n') })
  expect(ended.stderr).toMatch(/^lastgood: the run (was|will) (not|refused).*\n$/)
  expect(ended.stderr.trimEnd()).toMatch(message)
  expect(ended.stderr).not.toContain('s3cret')
}

function status(code: number, body?: object): Answering {
  return response => response.writeHead(code).end(body && JSON.stringify(body))
}

function page(response: ServerResponse): void {
  response.writeHead(200, { 'content-type': 'text/html' }).end('<p>Please sign in to the guest network.</p>')
}

function elsewhere(response: ServerResponse): void {
  response.writeHead(301, { location: 'https://elsewhere.example/v1/runs?run_key=1' }).end()
}

function garbage(response: ServerResponse): void {
  response.socket?.end('SSH-2.0-OpenSSH_9.2\r\n')
}

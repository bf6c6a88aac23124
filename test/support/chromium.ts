import { type Browser, chromium } from 'playwright-core'

/** The browser of Debian's package `chromium`; another one is named by `LASTGOOD_TEST_CHROMIUM`. */
const program = process.env['LASTGOOD_TEST_CHROMIUM'] ?? '/usr/bin/chromium'

/** Starts a headless browser with an empty profile that talks to nobody but the pages it is shown. */
export function openBrowser(): Promise<Browser> {
  return chromium.launch({
    executablePath: program,
    args: [
      '--no-sandbox',
      '--disable-gpu',
      '--disable-quic',
      '--no-first-run',
      '--disable-background-networking',
      '--disable-component-update',
      '--disable-sync',
    ],
  })
}

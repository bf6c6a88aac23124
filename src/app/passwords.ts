import { argon2, type Argon2Parameters, randomBytes, timingSafeEqual } from 'node:crypto'
import { promisify } from 'node:util'
import { longestPassword } from '../domain/password.ts'

const derive: (algorithm: 'argon2id', parameters: Argon2Parameters) => Promise<Buffer> = promisify(argon2)

/** What hashing costs: 19 MiB, two passes (OWASP, "Password Storage Cheat Sheet", argon2id). */
const cost = { memory: 19_456, passes: 2, parallelism: 1 }
const [saltBytes, hashBytes] = [16, 32]

/** How many are hashed at once in this process: what others ask for meanwhile waits, and takes no memory. */
const mostAtOnce = 2
let underWay = 0
const waiting: (() => void)[] = []

/** What is stored of a password: `$argon2id$v=19$m=…,t=…,p=…$salt$hash` (PHC string format, base64 without padding). */
export async function hashPassword(password: string): Promise<string> {
  const salt = randomBytes(saltBytes)
  const hash = await hashInTurn(password, { ...cost, salt, length: hashBytes })
  return toStored(toBase64(salt), toBase64(hash))
}

/**
 * Whether a password is the one of which this is stored. Where nothing is stored it is none, and that takes as long: the time
 * does not tell whether there is somebody of a name.
 */
export async function isPassword(password: string, stored: string | null): Promise<boolean> {
  const known = parseStored(stored ?? ofNobody)
  // Nobody has a longer one, and hashing it would only take time.
  const hash = await hashInTurn(password.slice(0, 2 * longestPassword), known)
  return timingSafeEqual(hash, known.hash) && stored !== null
}

type Stored = Parameters & { hash: Buffer }
type Parameters = { memory: number; passes: number; parallelism: number; salt: Buffer; length: number }

const ofNobody = toStored('A'.repeat(22), 'A'.repeat(43))

function toStored(salt: string, hash: string): string {
  const { memory, passes, parallelism } = cost
  return `$argon2id$v=19$m=${memory},t=${passes},p=${parallelism}$${salt}$${hash}`
}

function parseStored(text: string): Stored {
  const found = /^\$argon2id\$v=19\$m=(\d+),t=(\d+),p=(\d+)\$([A-Za-z0-9+/]+)\$([A-Za-z0-9+/]+)$/.exec(text)
  if (!found) throw new Error('What is stored of a password is not in the format of argon2id.')
  const [, memory, passes, parallelism, salt = '', hash = ''] = found
  const bytes = Buffer.from(hash, 'base64')
  return {
    memory: Number(memory),
    passes: Number(passes),
    parallelism: Number(parallelism),
    salt: Buffer.from(salt, 'base64'),
    length: bytes.length,
    hash: bytes,
  }
}

async function hashInTurn(
  password: string,
  { memory, passes, parallelism, salt, length }: Parameters,
): Promise<Buffer> {
  if (underWay >= mostAtOnce) await new Promise<void>(resolve => waiting.push(resolve))
  else underWay += 1
  try {
    // The same text may be typed in several ways (NIST SP 800-63B, 3.1.1.2).
    const message = Buffer.from(password.normalize('NFKC'))
    return await derive('argon2id', { message, nonce: salt, tagLength: length, memory, passes, parallelism })
  } finally {
    const next = waiting.shift()
    if (next) next()
    else underWay -= 1
  }
}

function toBase64(bytes: Buffer): string {
  return bytes.toString('base64').replaceAll('=', '')
}

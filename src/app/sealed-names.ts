import { createCipheriv, createDecipheriv, createHmac, hash } from 'node:crypto'
import type { BackupSet } from '../domain/tree.ts'
import { equalHashes } from './secrets.ts'

/** The set that a name stands for, by its own key and that of its computer. */
export type SetName = { computerKey: number; setId: number }

/**
 * Names for URLs that nobody can guess and that need no table: each is the numbers that it stands for, encrypted as one
 * block, so that of all names there could be only those of real things are known to anybody.
 */
export type SealedNames = {
  /** What a check is called where its ping URL must not be told: 40 hexadecimal digits, always the same. */
  uniqueKey(set: Pick<BackupSet, 'id' | 'computerKey'>): string
  readUniqueKey(text: string): SetName | undefined
  /** A UUID for the badge of a check, as whoever has this API key was shown it. */
  checkBadge(apiKeyId: number, set: Pick<BackupSet, 'id' | 'computerKey'>): string
  /** A UUID for the badges of all checks that an API key sees. */
  badgeKey(apiKeyId: number): string
  /** The API key of a badge, and its set where it is that of a check. */
  readBadge(uuid: string): { apiKeyId: number; set: SetName | undefined } | undefined
  /** What shows that a badge for a tag was handed out: 8 URL-safe characters. */
  signTag(badgeKey: string, tag: string): string
  isSigned(badgeKey: string, tag: string, signature: string): boolean
}

type Numbers = { apiKeyId: number; computerKey: number; setId: number }

const uuid = /^[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}$/
const digitsOfCheck = 8

/** Builds the names of an installation from its secret. */
export function buildSealedNames(secret: string): SealedNames {
  const [blockKey, tagKey] = [Buffer.from(hash('sha256', `blocks ${secret}`), 'hex'), `tags ${secret}`]
  // One block each, and no two are alike: what ECB shows of longer texts there is nothing of.
  const seal = createCipheriv('aes-256-ecb', blockKey, null).setAutoPadding(false)
  const open = createDecipheriv('aes-256-ecb', blockKey, null).setAutoPadding(false)

  const toName = (numbers: Numbers) => seal.update(toBlock(numbers)).toString('hex')
  const readName = (digits: string) => fromBlock(open.update(Buffer.from(digits, 'hex')))
  const badge = (numbers: Numbers) => toUuid(toName(numbers))
  const toUniqueKey = ({ computerKey, setId }: SetName) => {
    const name = toName({ apiKeyId: 0, computerKey, setId })
    return name + hash('sha256', name).slice(0, digitsOfCheck)
  }
  const signTag = (badgeKey: string, tag: string) =>
    createHmac('sha256', tagKey).update(`${badgeKey} ${tag}`).digest('base64url').slice(0, 8)

  return {
    uniqueKey: ({ id, computerKey }) => toUniqueKey({ computerKey, setId: id }),
    readUniqueKey: text => {
      if (!/^[0-9a-f]{40}$/.test(text)) return undefined
      const { computerKey, setId } = readName(text.slice(0, -digitsOfCheck))
      return isNumbered(computerKey) && isNumbered(setId) && toUniqueKey({ computerKey, setId }) === text
        ? { computerKey, setId }
        : undefined
    },
    checkBadge: (apiKeyId, { id, computerKey }) => badge({ apiKeyId, computerKey, setId: id }),
    badgeKey: apiKeyId => badge({ apiKeyId, computerKey: 0, setId: 0 }),
    readBadge: text => {
      if (!uuid.test(text)) return undefined
      const { apiKeyId, computerKey, setId } = readName(text.replaceAll('-', ''))
      const isOfAll = computerKey === 0 && setId === 0
      return { apiKeyId, set: isOfAll ? undefined : { computerKey, setId } }
    },
    signTag,
    isSigned: (badgeKey, tag, signature) => equalHashes(signTag(badgeKey, tag), signature),
  }
}

function toBlock({ apiKeyId, computerKey, setId }: Numbers): Buffer {
  const block = Buffer.alloc(16)
  block.writeUInt32BE(apiKeyId, 0)
  block.writeUIntBE(computerKey, 4, 6)
  block.writeUIntBE(setId, 10, 6)
  return block
}

function fromBlock(block: Buffer): Numbers {
  return {
    apiKeyId: block.readUInt32BE(0),
    computerKey: block.readUIntBE(4, 6),
    setId: block.readUIntBE(10, 6),
  }
}

function isNumbered(key: number): boolean {
  return key > 0
}

function toUuid(digits: string): string {
  return digits.replace(/^(.{8})(.{4})(.{4})(.{4})(.{12})$/, '$1-$2-$3-$4-$5')
}

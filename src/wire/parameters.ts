import { type TSchema, Type } from 'typebox'
import { AppError } from '../domain/app-error.ts'
import { Constant } from './schema.ts'

/** Query parameters as they arrive: one value, or several of a repeated parameter. */
export type RawQuery = Record<string, string | string[] | undefined>

/**
 * A query parameter: what it may be, described and read from one place. `read` is handed what was given and the name,
 * and throws `invalid`, naming the parameter.
 */
export type Parameter<Value = unknown> = {
  schema: TSchema
  description: string
  /** Whether a request without it is refused. */
  isRequired?: boolean
  read(given: RawQuery[string], name: string): Value
}

export type Parameters = Record<string, Parameter>

/** What was given for some parameters, as their values. */
export type Given<Known extends Parameters> = { [Name in keyof Known]: ReturnType<Known[Name]['read']> }

/** Reads a query. Throws `invalid` for an unknown parameter, naming those that there are, and for each that is wrong. */
export function readQuery<Known extends Parameters>(parameters: Known, query: RawQuery): Given<Known> {
  for (const name in query) if (!Object.hasOwn(parameters, name)) throw unknownParameter(name, Object.keys(parameters))
  const given: Record<string, unknown> = {}
  for (const name in parameters) given[name] = parameters[name]?.read(query[name], name)
  // Each name has the value that its own parameter has read.
  return given as Given<Known>
}

/** An unknown query parameter, with those there are. */
export function unknownParameter(name: string, known: readonly string[]): AppError {
  const those = known.length > 0 ? known.join(', ') : 'none'
  return new AppError('invalid', `${quote(name)} is not a parameter of this path; there are ${those}.`)
}

/**
 * A text that is given once at most; undefined where it is not given. `example` is what the documentation shows, unless the name
 * says enough (`exampleOf`).
 */
export function text(description: string, example?: string): Parameter<string | undefined> {
  return { schema: Type.String(example === undefined ? {} : { examples: [example] }), description, read: once }
}

/** A parameter that must be given, once. `example` is shown to whoever leaves it out. */
export function requiredText(description: string, example: string): Parameter<string> {
  return {
    schema: Type.String({ examples: [example] }),
    description,
    isRequired: true,
    read(given, name) {
      const found = once(given, name)
      if (found !== undefined) return found
      throw new AppError('invalid', `${name} is missing; send for example: ${name}=${example}.`)
    },
  }
}

const longestPart = 100

/**
 * A part of a text that is looked for, in any letter case: what is answered says of a text whether it has it. Everything has it
 * where it is not given.
 */
export function partOfText(description: string, example: string): Parameter<(text: string) => boolean> {
  return {
    schema: Type.String({ minLength: 1, maxLength: longestPart, examples: [example] }),
    description,
    read(given, name) {
      const found = once(given, name)
      if (found === undefined) return () => true
      if (found === '' || found.length > longestPart) {
        throw new AppError('invalid', `${name} must have from 1 to ${longestPart} characters.`)
      }
      const part = found.normalize('NFC').toLowerCase()
      return text => text.toLowerCase().includes(part)
    },
  }
}

/** A whole number, digits alone; `usual` when it is not given. */
export function wholeNumber(
  description: string,
  { least, most, usual }: { least: number; most: number; usual: number },
): Parameter<number> {
  const optional = optionalNumber(description, { least, most })
  return {
    schema: Type.Integer({ minimum: least, maximum: most, default: usual }),
    description,
    read: (given, name) => optional.read(given, name) ?? usual,
  }
}

/** A whole number, digits alone; undefined when it is not given. */
export function optionalNumber(
  description: string,
  { least, most }: { least: number; most: number },
): Parameter<number | undefined> {
  return {
    schema: Type.Integer({ minimum: least, maximum: most }),
    description,
    read(given, name) {
      const found = once(given, name)
      if (found === undefined) return undefined
      const number = Number(found)
      if (/^\d+$/.test(found) && number >= least && number <= most) return number
      throw new AppError('invalid', `${name} must be a whole number from ${least} to ${most}, not ${quote(found)}.`)
    },
  }
}

/** `true` or `false`, in any letter case; undefined where it is not given, which means both. */
export function truth(description: string): Parameter<boolean | undefined> {
  return {
    schema: Type.Boolean(),
    description,
    read(given, name) {
      const word = once(given, name)?.toLowerCase()
      if (word === undefined) return undefined
      if (word === 'true' || word === 'false') return word === 'true'
      throw new AppError('invalid', `${name} must be true or false, not ${quote(word)}.`)
    },
  }
}

/** One of some constants, in any letter case; the first when it is not given. */
export function constant<const Values extends readonly [string, ...string[]]>(
  description: string,
  values: Values,
): Parameter<Values[number]> {
  return {
    schema: { ...Constant(values), default: values[0] },
    description,
    read: (given, name) => (given === undefined ? values[0] : readConstant(once(given, name) ?? '', name, values)),
  }
}

/**
 * Some of some constants, in any letter case: the parameter repeated, or its value split at commas, pipes or plus signs (a
 * space once decoded). Undefined when it is not given, which means all.
 */
export function constants<const Values extends readonly string[]>(
  description: string,
  values: Values,
): Parameter<ReadonlySet<Values[number]> | undefined> {
  return {
    schema: Type.Array(Constant(values)),
    description,
    read(given, name) {
      if (given === undefined) return undefined
      const words = [given].flat().flatMap(some => some.split(/[,|+\s]+/).filter(Boolean))
      if (words.length === 0) throw new AppError('invalid', `${name} must be one or more of ${values.join(', ')}.`)
      return new Set(words.map(word => readConstant(word, name, values)))
    },
  }
}

/** A parameter that other paths know, and that this one takes without looking at it. */
export function ignored(description: string): Parameter<undefined> {
  return { schema: Type.String({ examples: ['1'] }), description, read: () => undefined }
}

const directions = ['ASC', 'DESC'] as const

/** The parameters that order rows, by the first of `orders` unless the caller says otherwise. */
export function ordering<const Orders extends readonly [string, ...string[]]>(orders: Orders) {
  return {
    order_by: constant('What the rows are ordered by; ties are broken by name and id.', orders),
    order_dir: constant('Ascending or descending: the whole order is turned round.', directions),
  }
}

/** Which page of a list somebody asks for. */
export type Paging = { page: number; pageSize: number }

/**
 * How many rows a page has: at most, and unless the caller says otherwise, which may hang on the constant that another
 * parameter of the list was given.
 */
export type PageBounds = { most: number; usual: number | { by: string; sizes: Readonly<Record<string, number>> } }

/** The parameter that asks for one page of a list. */
export const pageNumber: Parameter<number> = wholeNumber('Which page, counted from 1.', {
  least: 1,
  most: Number.MAX_SAFE_INTEGER,
  usual: 1,
})

/** The parameters that ask for one page of a list, of a size that the caller may choose. */
export function paging({ most, usual }: PageBounds = { most: 50, usual: 10 }) {
  return {
    page: pageNumber,
    page_size:
      typeof usual === 'number'
        ? wholeNumber('How many rows a page has.', { least: 1, most, usual })
        : optionalNumber(`How many rows a page has; left out: ${sizesText(usual)}.`, { least: 1, most }),
  }
}

/** The page that a query asks for; what has no pages is one. */
export function pagingOf({ page, page_size, ...others }: Given<Parameters>, bounds: PageBounds | null): Paging {
  if (bounds === null || typeof page !== 'number') return { page: 1, pageSize: 0 }
  if (typeof page_size === 'number') return { page, pageSize: page_size }
  const { usual } = bounds
  return { page, pageSize: typeof usual === 'number' ? usual : (usual.sizes[String(others[usual.by])] ?? bounds.most) }
}

function sizesText({ by, sizes }: { by: string; sizes: Readonly<Record<string, number>> }): string {
  const all = Object.entries(sizes).map(([value, size]) => `${size} for ${value}`)
  return `by ${by}, ${all.join(', ')}`
}

function once(given: RawQuery[string], name: string): string | undefined {
  if (Array.isArray(given)) throw new AppError('invalid', `${name} must be given once.`)
  return given
}

function readConstant<const Values extends readonly string[]>(
  word: string,
  name: string,
  allowed: Values,
): Values[number] {
  const found: Values[number] | undefined = allowed.find(one => one === word.toUpperCase())
  if (found !== undefined) return found
  const those = allowed.length === 1 ? (allowed[0] ?? '') : `one of ${allowed.join(', ')}`
  throw new AppError('invalid', `${name} must be ${those}, not ${quote(word)}.`)
}

function quote(text: string): string {
  return JSON.stringify(text.length > 80 ? `${text.slice(0, 80)}…` : text)
}

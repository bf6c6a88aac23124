import { errorCodes, type FastifyRequest } from 'fastify'
import { AppError } from '../domain/app-error.ts'
import { compileXmlReader, type XmlReader } from '../wire/xml-reader.ts'
import type { RequestBody } from './operation.ts'

const xmlTypes = /^(?:application|text)\/xml\s*(?:;|$)/i

/** Builds what reads the body of a request, JSON or XML, as what is asked for. Throws `invalid`, naming the member. */
export function buildBodyReader<Body>(body: RequestBody<Body>): (request: FastifyRequest) => Body {
  let readXml: XmlReader | undefined
  return request => {
    const contentType = request.headers['content-type'] ?? ''
    if (request.body === undefined || isNothing(request)) {
      const other = body.others?.read(contentType, Buffer.alloc(0))
      if (other !== undefined) return other
      if (body.isOptional) return body.read({})
      throw new AppError('invalid', 'The body is missing; send it as application/json or application/xml.')
    }
    if (!Buffer.isBuffer(request.body)) return body.read(request.body)
    // Only JSON has been read by now; other bytes are XML, or of a type that nobody here reads.
    const other = body.others?.read(contentType, request.body)
    if (other !== undefined) return other
    if (!xmlTypes.test(contentType)) throw new errorCodes.FST_ERR_CTP_INVALID_MEDIA_TYPE(contentType)
    readXml ??= compileXmlReader(...body.messages)
    return body.read(readXml(decode(request.body)))
  }
}

function isNothing({ body, headers }: FastifyRequest): boolean {
  return Buffer.isBuffer(body) && body.length === 0 && headers['content-type'] === undefined
}

/** The text of a body, which is UTF-8 whatever its XML declaration says. Throws `invalid` for other bytes. */
function decode(bytes: Buffer): string {
  try {
    return new TextDecoder('utf-8', { fatal: true }).decode(bytes)
  } catch (error) {
    throw new AppError('invalid', 'The body is not UTF-8.', { cause: error })
  }
}

import type { FastifyInstance, FastifyRequest } from 'fastify'
import { noteHeartbeat } from '../../app/note-heartbeat.ts'
import { type ComputerParams, getComputerOf } from '../computer-of.ts'
import type { ServerContext } from '../context.ts'
import type { RawQuery } from '../../wire/parameters.ts'
import { readParameters } from '../query.ts'
import { sendNothing } from '../send.ts'

type HeartbeatRequest = FastifyRequest<{ Params: ComputerParams; Querystring: RawQuery }>

const largestBody = 16 * 1024

/**
 * Signs of life: a computer says that it is there. `/v1/heartbeat` is the computer that an agent key is bound to. What a
 * body says does not matter, as long as it is small.
 */
export async function addHeartbeatRoutes(
  app: FastifyInstance,
  { store, directory, clock }: ServerContext,
): Promise<void> {
  const options = {
    config: { scope: 'computers_write' as const },
    bodyLimit: largestBody,
    // Nobody reads the body: there is nothing to unpack.
    decompress: false as const,
  }
  await app.register(async scope => {
    scope.removeAllContentTypeParsers()
    scope.addContentTypeParser('*', { parseAs: 'buffer' }, (_request, _body, done) => done(null))
    for (const path of ['/v1/accounts/:username/computers/:computer_id/heartbeat', '/v1/heartbeat']) {
      scope.post(path, options, async (request: HeartbeatRequest, reply) => {
        readParameters(request.query, [])
        await noteHeartbeat(store, await getComputerOf(directory, request), clock())
        return sendNothing(reply)
      })
    }
  })
}

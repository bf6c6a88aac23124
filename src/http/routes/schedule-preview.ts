import type { FastifyInstance, FastifyRequest } from 'fastify'
import { parseFrom, previewBounds, previewSchedule } from '../../app/preview-schedule.ts'
import { AppError } from '../../domain/app-error.ts'
import { parseTimeZone } from '../../domain/time-zone.ts'
import { SchedulePreview, toSchedulePreview } from '../../wire/schedule-preview.ts'
import type { ServerContext } from '../context.ts'
import { compileMessage } from '../formats.ts'
import { type RawQuery, readParameters, readWholeNumber } from '../query.ts'
import { sendMessage } from '../send.ts'

const parameters = ['schedule', 'time_zone', 'from', 'count'] as const

/** `/v1/general/schedule_preview`: when a schedule is due, before anybody gives it to a backup set. */
export function addSchedulePreviewRoute(app: FastifyInstance, { clock }: ServerContext): void {
  // Its arrays are no condition types: the setting for those has no say.
  const write = compileMessage(SchedulePreview, 'repeat')
  // There is no body to unpack.
  const options = { config: { scope: 'any' as const }, decompress: false as const }

  app.get(
    '/v1/general/schedule_preview',
    options,
    async (request: FastifyRequest<{ Querystring: RawQuery }>, reply) => {
      const { schedule, time_zone, from, count } = readParameters(request.query, parameters)
      if (schedule === undefined) {
        throw new AppError('invalid', 'schedule is missing; send for example: schedule=cron 0 23 * * *.')
      }
      const zone = parseTimeZone(time_zone ?? 'UTC')
      const preview = previewSchedule(schedule, {
        zone,
        from: from === undefined ? clock() : parseFrom(from, zone, 'from'),
        count: readWholeNumber(count, 'count', { least: 1, ...previewBounds }),
      })
      return sendMessage(reply, request.format, write, toSchedulePreview(preview))
    },
  )
}

import { Type } from 'typebox'
import { DateText } from './schema.ts'

/** What the clock of the server shows. */
export const ServerTime = Type.Object(
  { time: DateText({ description: 'In UTC.' }) },
  { title: 'ServerTime', xml: { name: 'server_time' } },
)

import { type Static, Type } from 'typebox'
import { ActionHistory } from './action-history.ts'
import { Count } from './schema.ts'

/** What became of one report of a batch: its run, or why it was refused. */
export const BatchResult = Type.Object(
  {
    status: Count({ description: 'What the report alone would have been answered with.' }),
    run: Type.Optional({ ...ActionHistory, title: 'RecordedRun', xml: { name: 'run' } }),
    error: Type.Optional(Type.String({ examples: ['invalid_request'] })),
    error_description: Type.Optional(Type.String({ examples: ['backupset_name is missing.'] })),
  },
  {
    title: 'BatchResult',
    xml: { name: 'result' },
    examples: [{ status: 400, error: 'invalid_request', error_description: 'backupset_name is missing.' }],
  },
)

export type BatchResult = Static<typeof BatchResult>

/** The results of a batch, in the order of its reports. */
export const BatchResults = Type.Object(
  { list: Type.Array(BatchResult) },
  { title: 'BatchResults', xml: { name: 'list' } },
)

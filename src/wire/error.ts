import { type Static, Type } from 'typebox'

/** What every refused request is answered with. */
export const ErrorAnswer = Type.Object(
  {
    error: Type.String({ description: 'A constant for programs.' }),
    error_description: Type.String({ description: 'A sentence for people that says what to do.' }),
    request_id: Type.String({ description: 'What to look for in the log of the server.' }),
  },
  { title: 'Error', xml: { name: 'error' } },
)

export type ErrorAnswer = Static<typeof ErrorAnswer>

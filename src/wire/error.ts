import { type Static, Type } from 'typebox'

/** What every refused request is answered with. */
export const ErrorAnswer = Type.Object(
  {
    error: Type.String({ description: 'A constant for programs.', examples: ['invalid_request'] }),
    error_description: Type.String({
      description: 'A sentence for people that says what to do.',
      examples: ['order_by must be USERNAME, not "NAME".'],
    }),
    request_id: Type.String({ description: 'What to look for in the log of the server.' }),
  },
  { title: 'Error', xml: { name: 'error' } },
)

export type ErrorAnswer = Static<typeof ErrorAnswer>

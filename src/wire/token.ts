import { Type } from 'typebox'

const token = 'UpjCxtQdyKRqngOymatxOR0YZzv9CDiPBKT6KAJMeVw'
const text = (description: string, example: string) => Type.String({ description, examples: [example] })

/** What a client asks for a token with: a form (RFC 6749, 4.4.2). */
export const TokenRequest = Type.Object(
  {
    grant_type: Type.String({
      enum: ['none', 'client_credentials'],
      description: '`none` is the vendor’s name; `client_credentials` is answered as RFC 6749 says.',
    }),
    client_id: Type.Optional(
      text('32 hexadecimal digits, unless it is sent as HTTP Basic.', '0123456789abcdef'.repeat(2)),
    ),
    client_secret: Type.Optional(text('The same.', 'fedcba9876543210'.repeat(2))),
    scope: Type.Optional(
      text('Names separated by spaces; all that the client may when left out.', 'computers_read computers_write'),
    ),
  },
  { title: 'TokenRequest' },
)

/** A token: of the grant `none` exactly two members, the lifetime as a string; else as RFC 6749 (5.1) says. */
export const TokenAnswer = Type.Object(
  {
    access_token: Type.String({ description: 'The token.' }),
    token_type: Type.Optional(Type.String({ description: 'Always Bearer; not of the grant `none`.' })),
    expires_in: Type.Unsafe<string | number>({
      type: ['string', 'integer'],
      description: 'How long it lasts, in seconds; of the grant `none` as a string.',
    }),
    scope: Type.Optional(Type.String({ description: 'What it may, separated by spaces; not of the grant `none`.' })),
  },
  {
    title: 'Token',
    examples: [
      { access_token: token, expires_in: '3600' },
      { access_token: token, token_type: 'Bearer', expires_in: 3_600, scope: 'computers_read computers_write' },
    ],
  },
)

/** Why there is no token (RFC 6749, 5.2). */
export const TokenRefusal = Type.Object(
  {
    error: Type.String({
      enum: ['invalid_client', 'invalid_request', 'invalid_scope', 'unsupported_grant_type', 'too_many_requests'],
      description: 'A constant for programs.',
    }),
    error_description: text('A sentence for people.', 'The client is unknown, or its secret is wrong.'),
  },
  { title: 'TokenRefusal' },
)

/** Where tokens come from (RFC 8414). */
export const ServerMetadata = Type.Object(
  {
    issuer: text('Where the server is reached.', 'https://backup.example.net'),
    token_endpoint: text('Where tokens come from.', 'https://backup.example.net/oauth2/token'),
    token_endpoint_auth_methods_supported: Type.Array(text('How a client says who it is.', 'client_secret_basic')),
    grant_types_supported: Type.Array(text('A grant.', 'client_credentials')),
    response_types_supported: Type.Array(Type.String(), {
      description: 'Empty: there is no authorization endpoint.',
      examples: [[]],
    }),
    scopes_supported: Type.Array(text('A scope.', 'computers_read')),
    service_documentation: text('What people read.', 'https://backup.example.net/docs'),
  },
  { title: 'ServerMetadata' },
)

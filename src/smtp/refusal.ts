/** Every way in which a mail is refused: its reply code, and the enhanced one before the sentence (RFC 3463). */
const refusals = {
  'other-domain': [550, '5.7.1 Mail for that domain is not taken here: this server relays nothing.'],
  unknown: [550, '5.1.1 There is no such address here: check the ping UUID or the ping key in it.'],
  guessing: [421, '4.7.0 Too many addresses that there are not.'],
  'too-many-mails': [450, '4.2.1 Too many mails for this address; try again in a minute.'],
  'too-many-connections': [421, '4.7.0 Too many connections from your address; close some and try again.'],
  'too-large': [552, '5.3.4 The mail is larger than is taken here.'],
  busy: [452, '4.3.1 Too much mail is on its way; try again in a minute.'],
  full: [452, '4.2.2 The inbox is full; its owner has to make rules for the mails in it, or remove them.'],
  looping: [554, '5.4.6 The mail goes round in circles.'],
  away: [451, '4.3.0 The mail cannot be stored now; try again later.'],
} as const satisfies Record<string, [number, string]>

export type RefusalName = keyof typeof refusals

/** A refusal as the SMTP server sends it. */
export type Refusal = Error & { responseCode: number }

/** Builds the refusal of a name. */
export function toRefusal(name: RefusalName): Refusal {
  const [responseCode, text] = refusals[name]
  return Object.assign(new Error(text), { responseCode })
}

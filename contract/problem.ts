/**
 * A failure we foresaw and can name. `message` is for our logs and may name ids; what a person reads is
 * the wording that each edge keeps for `code`. Anything thrown that is not a Problem is a bug: it is
 * logged whole and shown as `internal`.
 */
export const problemCodes = [
  'invalid_input',
  'not_signed_in',
  'wrong_credentials',
  'otp_required',
  'enrolment_required',
  'confirmation_required',
  'not_allowed',
  'csrf_refused',
  'origin_refused',
  'too_many_requests',
  'too_large',
  'not_found',
  'conflict',
  'already_claimed',
  'at_capacity',
  'already_rated',
  'rating_closed',
  'not_your_conversation',
  'conversation_moved_on',
  'conversation_closed',
  'illegal_move',
  'approver_is_author',
  'publish_worsens',
  'transfer_over',
  'not_ready',
  'internal',
] as const

export type ProblemCode = (typeof problemCodes)[number]

/** One faulty field: `path` as the sender wrote it ("card.materials.0"), `message` in Chinese, for a person. */
export type FaultyField = { path: string; message: string }

export class Problem extends Error {
  override readonly name = 'Problem'
  readonly code: ProblemCode
  readonly fields: readonly FaultyField[]

  constructor(code: ProblemCode, message: string, options: ErrorOptions & { fields?: readonly FaultyField[] } = {}) {
    super(message, options)
    this.code = code
    this.fields = options.fields ?? []
  }
}

/** Short for a refusal of one field. `told` is Chinese and reaches the person who typed it. */
export function faultyField(path: string, told: string): Problem {
  return new Problem('invalid_input', `${path}: ${told}`, { fields: [{ path, message: told }] })
}

/** The status of each foreseen failure. */
import type { ProblemCode } from '../../contract/problem.ts'

export const httpStatus: Record<ProblemCode, number> = {
  invalid_input: 400,
  not_signed_in: 401,
  wrong_credentials: 401,
  not_allowed: 403,
  csrf_refused: 403,
  origin_refused: 403,
  too_many_requests: 429,
  too_large: 413,
  not_found: 404,
  conflict: 409,
  already_claimed: 409,
  already_rated: 409,
  rating_closed: 410,
  at_capacity: 409,
  not_your_conversation: 403,
  conversation_moved_on: 409,
  conversation_closed: 409,
  illegal_move: 409,
  approver_is_author: 403,
  publish_worsens: 409,
  transfer_over: 409,
  not_ready: 503,
  internal: 500,
}

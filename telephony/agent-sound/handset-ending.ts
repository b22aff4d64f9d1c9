/** Why a call to a desk phone ended, from the words of SIP into those of the desk. */
import type { HandsetWhy } from '../../contract/handset.ts'
import type { CallEnding } from '../sip/call.ts'

/** RFC 3261 §21, and what desk phones answer in practice: 480 also for "do not disturb". */
const refusals = new Map<number, HandsetWhy>([
  [403, 'declined'],
  [404, 'unregistered'],
  [408, 'no-answer'],
  [480, 'no-answer'],
  [486, 'busy'],
  [600, 'busy'],
  [603, 'declined'],
])

/** @param wasTalking it had been answered */
export function whyOf({ reason, status = 0 }: CallEnding, wasTalking: boolean): HandsetWhy {
  if (wasTalking) return reason === 'remote-bye' ? 'hung-up' : 'vanished'
  if (reason === 'unanswered') return 'no-answer'
  return reason === 'rejected' ? (refusals.get(status) ?? 'failed') : 'failed'
}

/** Why a call ended, from the words of SIP into those of its record. */
import type { CallEnd } from '../../contract/phone-events.ts'
import type { EndReason } from '../sip/call.ts'

const ends: Record<EndReason, CallEnd> = {
  'remote-bye': 'caller',
  'local-bye': 'hotline',
  'bye-timed-out': 'hotline',
  cancelled: 'cancelled',
  rejected: 'refused',
  unanswered: 'failed',
  'no-ack': 'no-ack',
  'session-expired': 'session-expired',
  'dialog-lost': 'peer-gone',
  'transport-failed': 'peer-gone',
  stopped: 'failed',
}

/** @param ours why we hung up, when it was we who did */
export function callEnd(reason: EndReason, ours: CallEnd | undefined): CallEnd {
  const byUs = reason === 'local-bye' || reason === 'bye-timed-out' || reason === 'rejected'
  return (byUs ? ours : undefined) ?? ends[reason]
}

/**
 * One call, from its INVITE to its end: begun at the server, talked (talk.ts), and its end told.
 *
 * Invariant: whatever happens, the server is told once how a call ended, also one whose beginning it never acknowledged.
 */
import { randomUUID } from 'node:crypto'
import type { CallEnd, PhoneReplies } from '../../contract/phone-events.ts'
import type { CallEndings } from '../call-endings.ts'
import type { IncomingCall } from '../sip/call.ts'
import { callEnd } from './call-end.ts'
import { retryAfterSeconds, talk, type TalkParts } from './talk.ts'

export type CallParts = TalkParts & { endings: CallEndings }
type Begun = PhoneReplies['call:begin']

export type Call = {
  /** Resolves when nothing of the call is left. Never rejects. */
  over: Promise<void>
  hangUp(as: CallEnd): void
}

/** @param ringsBack the conversation of a call that we make (ringing-out.ts) */
export function takeCall(parts: CallParts, sip: IncomingCall, ringsBack?: string): Call {
  let hangUp: (as: CallEnd) => void = () => undefined
  const ended = new Promise<CallEnd>((resolve) => {
    let ours: CallEnd | undefined
    sip.listen({ ended: ({ reason }) => resolve(callEnd(reason, ours)) })
    hangUp = (as) => {
      ours ??= as
      resolve(as)
      sip.bye()
    }
  })
  const begun = (callRowId: string) => begin(parts, sip, callRowId, ringsBack)
  const over = serve(parts, sip, begun, ended, (as) => hangUp(as)).catch((error: unknown) => {
    parts.log.error({ err: error }, 'a call broke')
    hangUp('failed')
  })
  return { over, hangUp: (as) => hangUp(as) }
}

async function serve(
  parts: CallParts,
  sip: IncomingCall,
  begin: (callRowId: string) => Promise<Begun>,
  ended: Promise<CallEnd>,
  hangUp: (as: CallEnd) => void,
) {
  const { endings, log, now } = parts
  const callRowId = randomUUID()
  const tell = (endedBy: CallEnd) => endings.tell({ callRowId, endedBy, at: now().toISOString() })
  let begun: Begun
  try {
    begun = await begin(callRowId)
  } catch (error) {
    log.warn({ err: error, callRowId }, 'a call could not be begun')
    const endedBy = sip.isEnded() ? await ended : 'failed'
    sip.reject(503, { retryAfterSeconds })
    return tell(endedBy) // the server may have begun it after all, too late
  }
  try {
    if (!sip.isEnded()) await talk(parts, sip, begun, ended, hangUp)
  } catch (error) {
    log.error({ err: error, callRowId }, 'a call broke')
    hangUp('failed')
  }
  const endedBy = await ended
  await tell(endedBy)
  log.info({ callRowId, endedBy }, 'a call has ended')
}

function begin({ link, now }: CallParts, sip: IncomingCall, callRowId: string, ringsBack: string | undefined) {
  const at = now().toISOString()
  if (ringsBack) return link.ask('callback:begin', { callRowId, callId: sip.id, conversationId: ringsBack, at })
  const caller = (sip.asserted ?? sip.caller).user
  const asked = { callId: sip.id.slice(0, 200), caller: caller.slice(0, 120), line: sip.called.slice(0, 120) }
  return link.ask('call:begin', { callRowId, ...asked, at })
}

/**
 * 短信 by the bureau's own SMS platform: one signed POST a message, {id, channel, kind, to, text} as JSON, with the key as
 * `idempotency-key`. 2xx: taken. 4xx: refused for good, but for the few that mean "not now". No redirect is followed.
 */
import type { Outcome } from '../../desk/outbox-rules.ts'
import { deliverWithinMs, type Driver, type Letter } from './driver.ts'
import { signature, signatureHeader } from './signature.ts'

type Given = { url: string; secret: string; channel: string; now: () => Date; withinMs?: number }

const notNow = new Set([408, 409, 423, 425, 429])
const longestAnswer = 200

export function webhookDriver({ url, secret, channel, now, withinMs = deliverWithinMs }: Given): Driver {
  async function deliver({ key, kind, to, text }: Letter): Promise<Outcome> {
    const body = JSON.stringify({ id: key, channel, kind, to, text })
    const within = AbortSignal.timeout(withinMs)
    try {
      const response = await fetch(url, {
        method: 'POST',
        redirect: 'manual',
        headers: {
          'content-type': 'application/json',
          'idempotency-key': key,
          [signatureHeader]: signature(secret, body, now()),
        },
        body,
        signal: within,
      })
      // Whatever it has to say beside the status is nobody's to read, and may be without end.
      await response.body?.cancel()
      return outcomeOf(response.status)
    } catch (error) {
      if (within.aborted) return { kind: 'unknown', why: `no answer within ${withinMs} ms` }
      return { kind: 'failed', why: nameOf(error).slice(0, longestAnswer) }
    }
  }
  return { name: 'webhook', deliver, close: () => undefined }
}

function outcomeOf(status: number): Outcome {
  if (status >= 200 && status < 300) return { kind: 'delivered' }
  const why = `status ${status}`
  if (status >= 300 && status < 500 && !notNow.has(status)) return { kind: 'refused', why }
  return { kind: 'failed', why }
}

/** The system's own word for it, such as ECONNREFUSED; its message may quote what was sent. */
function nameOf(error: unknown): string {
  const cause = error instanceof Error && error.cause instanceof Error ? error.cause : error
  if (cause instanceof Error && 'code' in cause) return String(cause.code)
  return cause instanceof Error ? cause.name : 'error'
}

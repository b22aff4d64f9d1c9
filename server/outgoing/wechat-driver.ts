/**
 * 微信: a message while the citizen may be written to, else a subscription notice (订阅通知) that they agreed to. WeChat
 * has no idempotency key, so our own book of letters is it; a letter that may have arrived is not sent again.
 */
import { outboxKindNames } from '../../contract/outbox.ts'
import type { Outcome } from '../../desk/outbox-rules.ts'
import type { LetterOutcome, Letters } from '../../wechat/letters.ts'
import type { Driver } from './driver.ts'

const prefix = 'outbox:'
/** The outbox's key of a letter; nothing where it is none of the outbox's. */
export const outboxKeyOf = (letterKey: string): string | undefined =>
  letterKey.startsWith(prefix) ? letterKey.slice(prefix.length) : undefined

const otherwise = '您有一条新消息'

export function wechatDriver({ send, hashOf }: Letters): Driver {
  return {
    name: 'wechat',
    async deliver({ key, to, kind, text }) {
      const matter = outboxKindNames[kind] ?? otherwise
      return outcomeOf(await send({ key: `${prefix}${key}`, openIdHash: hashOf(to), matter, text }))
    },
    close: () => undefined,
  }
}

function outcomeOf(outcome: LetterOutcome): Outcome {
  if (outcome.kind === 'sent') return { kind: 'delivered' }
  if (outcome.kind === 'unknown') return { kind: 'refused', why: outcome.why, mayHaveArrived: true }
  return { kind: outcome.kind, why: outcome.why }
}

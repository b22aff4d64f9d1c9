/** What an agent is shown of a WeChat conversation. Pure but for `standingOf`, which reads what the rules need. */
import type { NoticeState, SendingRoom, Undelivered, UndeliveredWhy, WechatStanding } from '../contract/wechat-desk.ts'
import { failureOf } from './api-outcome.ts'
import { consentsStore } from './consents.store.ts'
import { kfWhys } from './kf/remedies.ts'
import { lettersStore, type KeptLetter } from './letters.store.ts'
import { mayNotice, type Consent, type NoticeTemplate } from './notice.ts'
import type { Allowance, Quota } from './quota.ts'
import type { Road } from './road.ts'
import { standingStore, type DeliveryPart } from './standing.store.ts'
import type { Db } from './tables.ts'

export type Allowances = Partial<Record<Road, Allowance>>
type Given = { allowances: Allowances; template: NoticeTemplate | undefined; now: Date }

/** The one notice for a time of silence: however often it is pressed, one goes out. */
export const noticeKey = (conversationId: string, { messageAt }: Quota) =>
  `agent:${conversationId}:${messageAt?.getTime() ?? 0}`

/** @returns nothing for a conversation that is none of WeChat's. */
export async function standingOf(db: Db, conversationId: string, given: Given): Promise<WechatStanding | undefined> {
  const line = await standingStore(db).line(conversationId)
  const allowance = line && given.allowances[line.road]
  if (!line || !allowance) return undefined
  const { openIdHash, road, follows, quota } = line
  const { now } = given
  // A notice is the official account's to send.
  const template = road === 'oa' ? given.template : undefined
  const parts = await standingStore(db).failed(conversationId)
  const consent = template && (await consentsStore(db).find(openIdHash, template.id))
  const letter = await lettersStore(db).find(noticeKey(conversationId, quota))
  return {
    ...{ conversationId, readAt: now.toISOString(), follows, ...roomsShown(quota, allowance) },
    usual: { perMessage: allowance.perMessage, messageHours: allowance.messageHours },
    undelivered: undelivered(parts, { follows, quota, allowance, now }),
    notice: noticeStanding(template, consent, letter),
  }
}

function roomsShown(
  { messageAt, messageUsed, momentAt, momentUsed }: Quota,
  allowance: Allowance,
): { message?: SendingRoom; moment?: SendingRoom } {
  const { perMessage, messageHours, perMoment, momentSeconds } = allowance
  const room = (from: Date, lastsMs: number, of: number, used: number): SendingRoom => ({
    ...{ left: Math.max(0, of - used), of },
    until: new Date(from.getTime() + lastsMs).toISOString(),
  })
  return {
    ...(messageAt && { message: room(messageAt, messageHours * 3_600_000, perMessage, messageUsed) }),
    ...(momentAt && { moment: room(momentAt, momentSeconds * 1_000, perMoment, momentUsed) }),
  }
}

type At = { follows: boolean; quota: Quota; allowance: Allowance; now: Date }

/** A row for everything that was told together. */
export function undelivered(parts: readonly DeliveryPart[], at: At): Undelivered[] {
  const told = new Map<number, DeliveryPart[]>()
  for (const part of parts) told.set(part.fromSeq, [...(told.get(part.fromSeq) ?? []), part])
  return [...told].flatMap(([fromSeq, ofOne]): Undelivered[] => {
    const bad = ofOne.find(({ state }) => state !== 'passive' && state !== 'sending' && state !== 'sent')
    if (!bad) return []
    const isPartly = ofOne.some(({ state }) => state === 'passive' || state === 'sent')
    const { code, toSeq } = bad
    return [{ fromSeq, toSeq, isPartly, why: whyOf(bad, at), ...(code !== undefined && { code }) }]
  })
}

function whyOf({ state, code }: DeliveryPart, { follows, quota, allowance, now }: At): UndeliveredWhy {
  if (state === 'unknown') return 'unknown'
  const byCompany = code === undefined ? undefined : kfWhys[code]
  if (byCompany) return byCompany
  if (code === 45_047) return 'quota'
  const failure = code === undefined ? undefined : failureOf(code)
  if (state === 'delayed' && failure !== 'window')
    return failure === 'set-up' || failure === 'token' ? 'set-up' : 'busy'
  if (!follows || failure === 'gone') return 'gone'
  if (state === 'refused') return 'refused'
  const isOver = !quota.messageAt || now.getTime() - quota.messageAt.getTime() >= allowance.messageHours * 3_600_000
  return code === 45_015 || isOver ? 'window' : 'quota'
}

function noticeStanding(
  template: NoticeTemplate | undefined,
  consent: Consent | undefined,
  letter: KeptLetter | undefined,
): { state: NoticeState; at?: string; code?: number } {
  if (!template) return { state: 'unset' }
  const may = mayNotice(consent, template.kind)
  if (!letter || (letter.state === 'refused' && may !== 'ready')) return { state: may, ...codeOf(letter) }
  const state = letter.state === 'sending' ? 'unknown' : letter.state
  return { state, at: letter.at.toISOString(), ...codeOf(letter) }
}

const codeOf = (letter: KeptLetter | undefined) => (letter?.code === undefined ? {} : { code: letter.code })

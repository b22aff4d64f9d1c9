/** By which way somebody is written to, over the real tables. */
import { createHash, randomUUID } from 'node:crypto'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { begin } from '../../bot/begun.store.ts'
import { samePerson } from '../../bot/same-person.ts'
import { outbox } from '../../desk/outbox.ts'
import { noticesInWechat, wechatReach } from '../../server/wechat-reach.ts'
import { consentsStore } from '../../wechat/consents.store.ts'
import { usualAllowance } from '../../wechat/quota.ts'
import { wechatUsersStore } from '../../wechat/users.store.ts'
import { aColleague, aSealer } from '../desk/rows.ts'
import { aDatabase, type TestDatabase } from '../support/postgres.ts'

const now = new Date('2026-11-22T02:00:00Z')
const mobile = '13800138000'
const hash = (text: string) => createHash('sha256').update(text).digest()
const letterTo = wechatReach({ open: (sealed) => sealed }, usualAllowance)
const sms = { channel: 'sms', to: mobile, kind: 'case_notice', text: '已办理', key: 'k' }

let database: TestDatabase
beforeAll(async () => (database = await aDatabase()))
afterAll(() => database.drop())

const told = (conversationId: string, number?: string) =>
  letterTo(
    database.db,
    { conversationId, kind: 'case_notice', text: '已办理', key: 'k', ...(number && { mobile: number }) },
    now,
  )
async function onTheWeb() {
  return begin(database.db, { kind: 'visitor', lookupHash: hash(randomUUID()), channel: 'web' }, now)
}
/** Who wrote so long ago. */
async function inWechat(agoHours: number, follows = true) {
  const openId = `o${randomUUID()}`
  const { id, contactId } = await begin(
    database.db,
    { kind: 'openid', lookupHash: hash(openId), channel: 'wechat' },
    now,
  )
  await wechatUsersStore(database.db).note({
    ...{ openIdHash: hash(openId), openIdSealed: openId, account: 'gh', road: 'oa', follows, now },
    granted: { messageAt: new Date(now.getTime() - agoHours * 3_600_000) },
  })
  return { openId, contactId, id }
}

describe('somebody who is not known in WeChat', () => {
  it('is written to by short message, or not at all', async () => {
    const { id } = await onTheWeb()
    expect(await told(id, mobile)).toEqual(sms)
    expect(await told(id)).toBeUndefined()
  })

  it('is nobody who does not follow any more', async () => {
    const { id } = await inWechat(1, false)
    expect(await told(id, mobile)).toEqual(sms)
  })
})

describe('somebody who asked on the web and agreed to go on in WeChat', () => {
  it('is written to there, and by short message where that finds no way', async () => {
    const [web, wechat] = [await onTheWeb(), await inWechat(60)]
    await samePerson(database.db).joinByConsent([web.contactId, wechat.contactId], now)
    const letter = { channel: 'wechat', to: wechat.openId, kind: 'case_notice', text: '已办理', key: 'k:wechat' }
    expect(await told(web.id, mobile)).toEqual({ ...letter, otherwise: sms })
    expect(await told(web.id)).toEqual(letter)
  })
})

describe('somebody who talks with us in WeChat', () => {
  it('is told there while they may be written to, and by a number that they left as before', async () => {
    const { id } = await inWechat(47)
    expect(await told(id)).toBeUndefined()
    expect(await told(id, mobile)).toEqual(sms)
  })

  it('is called back two days later, and by short message where that finds no way', async () => {
    const { id, openId } = await inWechat(48)
    expect(await told(id, mobile)).toEqual({
      ...{ channel: 'wechat', to: openId, kind: 'case_notice', key: 'k:wechat', otherwise: sms },
      text: '您的事项有新进展，请在公众号里回复任意一句查看。',
    })
  })
})

describe('what is only written where it can arrive', () => {
  const template = { id: 'of-the-tests', kind: 'once', fields: [] } as const
  const reach = wechatReach({ open: (sealed) => sealed }, usualAllowance, template)
  const optional = (conversationId: string) =>
    reach(database.db, { conversationId, kind: 'gap_answer', text: '答复', key: 'k', isOptional: true }, now)

  it('goes to whoever agreed to a notice, and is no dead letter of anybody else’s', async () => {
    const { id, openId } = await inWechat(60)
    expect(await optional(id)).toBeUndefined()
    await consentsStore(database.db).said(hash(openId), template.id, true, now)
    expect(await optional(id)).toMatchObject({ channel: 'wechat', to: openId })
  })
})

describe('a notice from a table', () => {
  const template = { id: 'of-the-tables', kind: 'long', fields: [] } as const
  const box = outbox({ keys: { ...aSealer, lookupHash: hash }, wake: () => Promise.resolve(), quiet: undefined })
  const rows = async (key: string) =>
    (
      await database.pool.query<{ id: string; channel: string; state: string }>(
        'select id, channel, state from outbox_message where idempotency_key = $1',
        [key],
      )
    ).rows

  it('goes to WeChat for whoever agreed there, follows, and proved the number', async () => {
    const roads = noticesInWechat({ open: (sealed) => sealed, lookupHash: hash }, template)
    const found = () => roads(database.db, [mobile, '13900139000'])
    const { id, openId } = await inWechat(60)
    await consentsStore(database.db).said(hash(openId), template.id, true, now)
    expect(await found()).toEqual(new Map())
    const agent = await aColleague(database.pool, 'agent')
    await samePerson(database.db).verify(id, hash(`phone:${mobile}`), 'sms_code', agent, now)
    expect(await found()).toEqual(new Map([[mobile, openId]]))
    expect(
      await noticesInWechat({ open: (sealed) => sealed, lookupHash: hash }, undefined)(database.db, [mobile]),
    ).toEqual(new Map())
    await consentsStore(database.db).said(hash(openId), template.id, false, now)
    expect(await found()).toEqual(new Map())
  })

  it.each([
    [
      'goes by SMS in its stead when WeChat refuses for good',
      { kind: 'refused', why: '43101' },
      'sms',
      'waiting',
      false,
    ],
    [
      'goes nowhere else when it may have arrived there',
      { kind: 'refused', why: 'it may have arrived', mayHaveArrived: true },
      ...(['wechat', 'dead', true] as const),
    ],
  ] as const)('%s', async (_what, outcome, channel, state, isDead) => {
    const key = randomUUID()
    const about = { kind: 'notice.payment_due', text: '请缴费', key, proactive: true } as const
    const otherwise = { ...about, channel: 'sms', to: mobile } as const
    await box.post(database.db, { ...about, channel: 'wechat', to: 'o-of-somebody', otherwise }, now)
    const [put] = await rows(key)
    const tried = await box.begin(database.db, put?.id ?? '', () => 'stand-in', now)
    expect(await box.end(database.db, tried ?? expect.unreachable('not tried'), outcome, now)).toBe(isDead)
    expect(await rows(key)).toMatchObject([{ channel, state }])
  })
})

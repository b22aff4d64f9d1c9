/** Letters over the real tables and a stand-in of the platform, with the clock handed in. */
import { createHash, randomUUID } from 'node:crypto'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { wechatApi, type WechatApi } from '../../wechat/api.ts'
import { consentsStore } from '../../wechat/consents.store.ts'
import { letters } from '../../wechat/letters.ts'
import { usualAllowance } from '../../wechat/quota.ts'
import { tencentStandIn, type TencentStandIn } from '../../wechat/stand-in/tencent.ts'
import { tokenShelf } from '../../wechat/token.store.ts'
import { wechatUsersStore } from '../../wechat/users.store.ts'
import { aDatabase, type TestDatabase } from '../support/postgres.ts'

const keys = { token: 'tok', aesKey: 'YWJjZGVmZ2hpamtsbW5vcHFyc3R1dnd4eXowMTIzNDU', id: 'wx1234567890abcdef' }
const appSecret = 'a-secret-of-the-tests'
const template = { id: 'template-1', kind: 'once', fields: [{ name: 'thing1', fact: 'text' }] } as const
const hash = (text: string) => createHash('sha256').update(text).digest()
const sealer = { seal: (plain: string) => plain, open: (sealed: string) => sealed, lookupHash: hash }
const [messages, notices] = ['/cgi-bin/message/custom/send', '/cgi-bin/message/subscribe/bizsend']
const hourMs = 3_600_000

let database: TestDatabase
let tencent: TencentStandIn
let api: WechatApi
let at = new Date('2026-11-22T02:00:00Z')
const now = () => at
beforeAll(async () => {
  database = await aDatabase()
  tencent = await tencentStandIn({ keys, appSecret, mode: 'safe', callbackUrl: () => 'http://127.0.0.1:1/', now })
  const settings = { appId: keys.id, appSecret, apiBase: tencent.url }
  api = wechatApi({ settings, shelf: tokenShelf(database.db, sealer, keys.id), now })
})
afterAll(async () => {
  await tencent.close()
  await database.drop()
})

const aWriter = (calls: Pick<WechatApi, 'call'> = api) =>
  letters({
    ...{ db: database.db, api: calls, sealer, allowance: usualAllowance, template, bureau: '医保局' },
    ...{ log: { warn: () => undefined }, wasRefused: () => undefined },
    now,
  })
const aLetter = (openId: string, rest: { key?: string; noticeOnly?: boolean } = {}) => ({
  ...{ key: randomUUID(), openIdHash: hash(openId), matter: '整改进展', text: '已办理' },
  ...rest,
})
/** Somebody who has just written. */
async function aCitizen(): Promise<string> {
  const openId = `o${randomUUID().replaceAll('-', '')}`
  const user = {
    openIdHash: hash(openId),
    openIdSealed: openId,
    account: 'gh',
    road: 'oa',
    follows: true,
    now: at,
  } as const
  await wechatUsersStore(database.db).note({ ...user, granted: { messageAt: at } })
  tencent.wrote(openId)
  return openId
}
async function agrees(openId: string, says = true): Promise<void> {
  await consentsStore(database.db).said(hash(openId), template.id, says, at)
  await tencent.consent(openId, template.id, says).catch(() => undefined) // no hotline listens
}
const callsOf = (path: string) => tencent.calls(path).length

describe('a letter', () => {
  it('goes as a message while they may be written to, but for the last one, which is a person’s', async () => {
    const openId = await aCitizen()
    const sent = []
    for (let n = 0; n < 6; n++) sent.push((await aWriter().send(aLetter(openId))).kind)
    expect(sent).toEqual(['sent', 'sent', 'sent', 'sent', 'refused', 'refused'])
    expect(tencent.screen(openId)).toHaveLength(4)
  })

  it('goes once, however often it is brought', async () => {
    const openId = await aCitizen()
    const letter = aLetter(openId)
    const outcomes = await Promise.all([1, 2, 3].map(() => aWriter().send(letter)))
    expect(outcomes.filter(({ kind }) => kind === 'sent')).not.toEqual([])
    expect((await aWriter().send(letter)).kind).toBe('sent')
    expect(tencent.screen(openId)).toHaveLength(1)
  })

  it('goes as a notice two days later, once for each time they agreed, and not at all without', async () => {
    const [willing, silent] = [await aCitizen(), await aCitizen()]
    await agrees(willing)
    at = new Date(at.getTime() + 48 * hourMs + 1_000)
    const before = callsOf(messages)
    expect(await aWriter().send(aLetter(silent))).toMatchObject({ kind: 'refused' })
    expect(await aWriter().send(aLetter(willing))).toEqual({ kind: 'sent', way: 'notice' })
    expect(await aWriter().send(aLetter(willing))).toMatchObject({ kind: 'refused' })
    expect(callsOf(messages)).toBe(before)
    expect(tencent.screen(willing).map(({ way }) => way)).toEqual(['notice'])
  })

  it.each([45_015, 45_047])('is not delivered where the platform says %d, but by a notice', async (code) => {
    const [willing, other] = [await aCitizen(), await aCitizen()]
    await agrees(willing)
    tencent.refuse(code)
    expect(await aWriter().send(aLetter(willing))).toEqual({ kind: 'sent', way: 'notice' })
    tencent.refuse(code)
    const letter = aLetter(other)
    expect(await aWriter().send(letter)).toMatchObject({ kind: 'refused' })
    const { rows } = await database.pool.query('select state, code from wechat_letter where key = $1', [letter.key])
    expect(rows).toEqual([{ state: 'refused', code }])
  })

  it('that they refuse is remembered, until they agree again', async () => {
    const openId = await aCitizen()
    await agrees(openId)
    tencent.refuse(43_101)
    const only = { noticeOnly: true }
    expect(await aWriter().send(aLetter(openId, only))).toMatchObject({ kind: 'refused', code: 43_101 })
    const before = callsOf(notices)
    expect(await aWriter().send(aLetter(openId, only))).toMatchObject({ kind: 'refused' })
    expect(callsOf(notices)).toBe(before)
    await agrees(openId)
    expect(await aWriter().send(aLetter(openId, only))).toEqual({ kind: 'sent', way: 'notice' })
  })

  it('that may have arrived is never sent again', async () => {
    const openId = await aCitizen()
    const call = () => Promise.reject(new TypeError('the line broke'))
    const letter = aLetter(openId)
    expect(await aWriter({ call }).send(letter)).toMatchObject({ kind: 'unknown' })
    expect(await aWriter().send(letter)).toMatchObject({ kind: 'unknown' })
    expect(tencent.screen(openId)).toEqual([])
  })

  it('goes later where the platform is busy', async () => {
    const openId = await aCitizen()
    const letter = aLetter(openId)
    tencent.refuse(-1)
    expect(await aWriter().send(letter)).toMatchObject({ kind: 'failed', code: -1 })
    expect(await aWriter().send(letter)).toEqual({ kind: 'sent', way: 'message' })
    expect(tencent.screen(openId)).toHaveLength(1)
  })
})

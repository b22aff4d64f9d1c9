/** What an operator learns of a knock that was refused; whoever knocked learns nothing. */
import { expect, it } from 'vitest'
import { callback, type CallbackQuery } from '../../wechat/callback.ts'
import { sealEnvelope } from '../../wechat/envelope.ts'
import { writeXml } from '../../wechat/xml.ts'
import { getSignature } from '@wecom/crypto'

const keys = { token: 'a-token', aesKey: 'YWJjZGVmZ2hpamtsbW5vcHFyc3R1dnd4eXowMTIzNDU', id: 'wx0001' }
const now = new Date('2026-11-22T04:00:00Z')
const stampAt = (seconds: number) => ({ timestamp: String(now.getTime() / 1_000 + seconds), nonce: '4711' })
const clear = writeXml({ FromUserName: 'o1', MsgType: 'text' })

function sealedBy(other: Partial<typeof keys> = {}, seconds = 0): { query: CallbackQuery; body: string } {
  const with_ = { ...keys, ...other }
  const stamp = stampAt(seconds)
  const { sealed, signature } = sealEnvelope(with_, clear, stamp)
  const bare = getSignature(with_.token, stamp.timestamp, stamp.nonce, '')
  return {
    query: { ...stamp, signature: bare, msg_signature: signature, echostr: '' },
    body: writeXml({ Encrypt: sealed }),
  }
}
const door = callback({ keys, mode: 'safe', mostAgeSeconds: 600, now: () => now })
const whyOf = ({ query, body }: ReturnType<typeof sealedBy>) =>
  door.opened(query, body) === undefined ? door.refusedFor(query, body) : 'let in'

it('tells a clock that is wrong, a token, a mode, a key and another account apart', () => {
  expect(whyOf(sealedBy())).toBe('let in')
  expect(whyOf(sealedBy({}, -3_600))).toBe('clock')
  expect(whyOf(sealedBy({ token: 'another-token' }))).toBe('signature')
  expect(whyOf({ ...sealedBy(), body: clear })).toBe('plain')
  expect(whyOf(sealedBy({ aesKey: 'ZWJjZGVmZ2hpamtsbW5vcHFyc3R1dnd4eXowMTIzNDU' }))).toBe('key')
  expect(whyOf(sealedBy({ id: 'wx0002' }))).toBe('key')
})

it('counts nobody who does not even look like the platform', () => {
  const { body } = sealedBy()
  const none = { signature: '', msg_signature: '', timestamp: '', nonce: '', echostr: '' }
  expect(whyOf({ query: none, body })).toBeUndefined()
  expect(whyOf({ query: { ...none, signature: 'x', timestamp: '1', nonce: '2' }, body: '' })).toBeUndefined()
})

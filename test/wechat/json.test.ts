/** WeChat's JSON: what the platform sends is read to the last digit, what is none of it is nothing. */
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { readInbound } from '../../wechat/inbound.ts'
import { readJson } from '../../wechat/json.ts'

const sent = (more: string) =>
  `{"ToUserName":"gh_1","FromUserName":"o1","CreateTime":1700000000,"MsgType":"text","Content":"医保",${more}}`
const inboundOf = (text: string) => {
  const fields = readJson(text)
  return fields && readInbound(fields)
}

describe('a number of a message', () => {
  it('above what a JavaScript number holds keeps every digit', () => {
    expect(inboundOf(sent('"MsgId":6666666666666666667'))?.key).toBe('m:6666666666666666667')
    expect(inboundOf(sent('"MsgId":9223372036854775807'))?.key).toBe('m:9223372036854775807')
  })

  it('of two messages that differ in the last digit alone makes two of them', () => {
    const [one, other] = ['24900000000000001', '24900000000000002'].map((id) => inboundOf(sent(`"MsgId":${id}`)))
    expect(one?.key).not.toBe(other?.key)
  })

  it('is read as it stands, whatever else there is', () => {
    const plain = fc.string({ unit: 'grapheme' }).map((text) => text.replaceAll('\u0000', '').toWellFormed())
    const names = fc.string({ minLength: 1, maxLength: 8 }).filter((name) => name !== '__proto__')
    fc.assert(
      fc.property(
        fc.dictionary(names, fc.oneof(plain, fc.bigInt({ min: -(2n ** 80n), max: 2n ** 80n })), { maxKeys: 8 }),
        (given) => {
          const written = Object.entries(given).map(
            ([name, value]) => `${JSON.stringify(name)}: ${typeof value === 'bigint' ? value : JSON.stringify(value)}`,
          )
          const read = readJson(`{${written.join(' ,\n')}}`) ?? {}
          expect(Object.entries(read).sort()).toEqual(
            Object.entries(given)
              .map(([name, value]) => [name, String(value)])
              .sort(),
          )
        },
      ),
    )
  })
})

it.each([
  ['no JSON', '{"a":'],
  ['a bare name', '{1:2}'],
  ['a number as nobody writes it', '{"a":01}'],
  ['a list', '[1]'],
  ['a word', '"a"'],
  ['nothing', 'null'],
  ['too much', `{"a":"${'x'.repeat(70_000)}"}`],
  ['very deep', '['.repeat(30_000)],
])('%s is no message', (_what, text) => {
  expect(readJson(text)).toBeUndefined()
})

it('leaves out what the database cannot hold, and fields with fields of their own', () => {
  expect(readJson('{"a":"x\\u0000y","b":{"c":1},"d":null,"e":"\\ud800"}')).toEqual({ a: 'xy', e: '\ufffd' })
})

it('changes nothing for anybody else', () => {
  expect(readJson('{"__proto__":{"admin":1},"a":"b"}')).toEqual({ a: 'b' })
  expect(Object.prototype).not.toHaveProperty('admin')
})

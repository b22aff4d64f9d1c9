/** The mini-program's messages, in either of the platform's two formats. */
import { describe, expect, it } from 'vitest'
import { miniSealed, readMini } from '../../wechat/mini/inbound.ts'
import { writeXml } from '../../wechat/xml.ts'

const common = { ToUserName: 'gh_1', FromUserName: 'o1', CreateTime: 1_700_000_000 }
const bothWays = (fields: Record<string, string | number>): [string, string][] => [
  ['JSON', JSON.stringify({ ...common, ...fields })],
  ['XML', writeXml({ ...common, ...fields })],
]

describe.each(['JSON', 'XML'])('in %s', (format) => {
  const body = (fields: Record<string, string | number>) =>
    bothWays(fields).find(([name]) => name === format)?.[1] ?? ''

  it('a text is a text', () => {
    expect(readMini(body({ MsgType: 'text', Content: '异地就医', MsgId: '24900000000000001' }))).toMatchObject({
      ...{ kind: 'text', text: '异地就医', openId: 'o1', account: 'gh_1', key: 'm:24900000000000001' },
    })
  })

  it('whoever opens the customer service has come, with the question of the button where it names one', () => {
    const enter = { MsgType: 'event', Event: 'user_enter_tempsession' }
    expect(readMini(body({ ...enter, SessionFrom: 'entry-nat-enrol' }))).toMatchObject({
      kind: 'follow',
      scene: 'entry-nat-enrol',
    })
    const plain = readMini(body({ ...enter, SessionFrom: 'home' }))
    expect(plain).toMatchObject({ kind: 'follow' })
    expect(plain).not.toHaveProperty('scene')
  })

  it('a card of a page is a link', () => {
    const card = { MsgType: 'miniprogrampage', Title: '办事指南', PagePath: 'pages/a?b=1', MsgId: '5' }
    expect(readMini(body(card))).toMatchObject({ kind: 'link', title: '办事指南', url: 'pages/a?b=1' })
  })

  it('what is sealed is found beside what is clear', () => {
    expect(miniSealed(body({ Encrypt: 'abc' }))).toBe('abc')
    expect(miniSealed(body({}))).toBeUndefined()
  })
})

it('is nothing where it is neither', () => {
  for (const body of ['', 'success', '{"a":', '<xml>', '[]']) expect(readMini(body)).toBeUndefined()
})

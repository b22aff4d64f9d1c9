import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { frame, noFraming } from '../../../telephony/sip/framing.ts'
import { messageBounds } from '../../../telephony/sip/parser.ts'
import { aRequest } from './peers.ts'

const words = [
  aRequest({ method: 'OPTIONS', to: 1, from: 2 }),
  aRequest({ to: 1, from: 2, body: 'v=0\r\n\r\nwith an empty line' }),
  aRequest({ to: 1, from: 2, body: '正文' }),
]

function read(stream: Buffer, cuts: readonly number[]) {
  const messages: string[] = []
  let pings = 0
  let framing = noFraming
  let why: string | undefined
  const places = [0, ...[...cuts].sort((a, b) => a - b), stream.length]
  for (let at = 1; at < places.length && !why; at++) {
    const out = frame(framing, stream.subarray(places[at - 1], places[at]))
    framing = out.framing
    pings += out.pings
    messages.push(...out.messages.map(String))
    why = out.broken?.why
  }
  return { messages, pings, why, left: framing.used }
}

describe('the framing of a stream', () => {
  it('finds the same messages wherever the stream is cut', () => {
    const stream = Buffer.from(words.join('') + '\r\n\r\n' + words.join(''))
    fc.assert(
      fc.property(fc.array(fc.nat(stream.length), { maxLength: 40 }), (cuts) => {
        expect(read(stream, cuts)).toEqual({ messages: [...words, ...words], pings: 1, why: undefined, left: 0 })
      }),
    )
  })

  it('finds them in single bytes', () => {
    const stream = Buffer.from(`\r\n${words.join('\r\n')}`)
    expect(
      read(
        stream,
        Array.from(stream, (_byte, at) => at),
      ).messages,
    ).toEqual(words)
  })

  it.each([
    ['no Content-Length', 'OPTIONS sip:a@b SIP/2.0\r\n\r\n', 'Content-Length'],
    ['two of them', 'OPTIONS sip:a@b SIP/2.0\r\nl: 0\r\nContent-Length: 0\r\n\r\n', 'Content-Length'],
    ['a negative one', 'OPTIONS sip:a@b SIP/2.0\r\nl: -1\r\n\r\n', 'Content-Length'],
    ['a body beyond the bound', `A sip:a@b SIP/2.0\r\nl: ${messageBounds.body + 1}\r\n\r\n`, 'body too long'],
    ['a head beyond the bound', `A sip:a@b SIP/2.0\r\nX: ${'y'.repeat(messageBounds.head)}`, 'head too long'],
  ])('gives up on %s', (_what, text, why) => {
    expect(read(Buffer.from(text), []).why).toBe(why)
  })

  it('holds no more than one message, however much noise comes', () => {
    const out = frame(noFraming, Buffer.alloc(100_000, 'x'))
    expect(out.broken?.why).toBe('head too long')
  })
})

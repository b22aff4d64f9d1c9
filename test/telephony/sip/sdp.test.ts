import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { makeAnswer, makeOffer, meet, readSdp } from '../../../telephony/sip/sdp.ts'
import { media } from './peers.ts'

const lines = (...more: string[]) =>
  Buffer.from(['v=0', 'o=- 1 1 IN IP4 192.0.2.1', 's=-', 'c=IN IP4 192.0.2.1', 't=0 0', ...more, ''].join('\r\n'))

function read(body: Buffer) {
  const sdp = readSdp(body)
  if (sdp.kind === 'unreadable') throw new Error(sdp.why)
  return sdp
}

describe('an offer', () => {
  it('is understood: address, port, codecs in order, keys, direction', () => {
    const sdp = read(
      lines(
        'm=audio 4000 RTP/AVP 18 8 0 96',
        'a=rtpmap:18 G729/8000',
        'a=rtpmap:96 telephone-event/8000',
        'a=ptime:30',
        'a=sendonly',
      ),
    )
    expect(sdp.audio).toEqual({
      host: '192.0.2.1',
      port: 4000,
      codecs: [
        { name: 'PCMA', payload: 8 },
        { name: 'PCMU', payload: 0 },
      ],
      keysPayload: 96,
      direction: 'sendonly',
      ptimeMs: 30,
    })
  })

  it('of the old kind to hold, by 0.0.0.0, reads as inactive', () => {
    expect(read(lines('m=audio 4000 RTP/AVP 8', 'c=IN IP4 0.0.0.0')).audio?.direction).toBe('inactive')
  })

  it('with codecs we do not speak has none', () => {
    expect(read(lines('m=audio 4000 RTP/AVP 18', 'a=rtpmap:18 G729/8000')).audio?.codecs).toEqual([])
    expect(read(lines('m=audio 4000 RTP/AVP 8', 'a=rtpmap:8 711/8000')).audio?.codecs).toEqual([])
    expect(makeAnswer(read(lines('m=audio 4000 RTP/AVP 18')), media(1))).toBeUndefined()
    expect(makeAnswer(read(lines('m=audio 4000 RTP/SAVP 8')), media(1))).toBeUndefined()
  })

  it('does not take a wide-band stream for G.711 because of its number', () => {
    expect(read(lines('m=audio 4000 RTP/AVP 8', 'a=rtpmap:8 PCMA/16000')).audio?.codecs).toEqual([])
  })

  it.each([
    ['nothing', ''],
    ['no version', 'o=- 1 1 IN IP4 1.1.1.1\r\nm=audio 1 RTP/AVP 8\r\n'],
    ['no origin', 'v=0\r\nc=IN IP4 1.1.1.1\r\nm=audio 1 RTP/AVP 8\r\n'],
    ['no media', 'v=0\r\no=- 1 1 IN IP4 1.1.1.1\r\n'],
    ['no address', 'v=0\r\no=- 1 1 IN IP4 1.1.1.1\r\nm=audio 1 RTP/AVP 8\r\n'],
    ['a port of six digits', 'v=0\r\no=- 1 1 IN IP4 1.1.1.1\r\nc=IN IP4 1.1.1.1\r\nm=audio 100000 RTP/AVP 8\r\n'],
    ['a line that is none', 'v=0\r\no=- 1 1 IN IP4 1.1.1.1\r\nhello\r\n'],
    ['an address with a trap in it', 'v=0\r\no=- 1 1 IN IP4 1\r\nc=IN IP4 $(id)\r\nm=audio 1 RTP/AVP 8\r\n'],
  ])('with %s is unreadable', (_what, text) => {
    expect(readSdp(Buffer.from(text)).kind).toBe('unreadable')
  })

  it('never breaks the reader', () => {
    const value = fc.oneof(fc.integer().map(String), fc.string({ unit: 'binary', maxLength: 40 }))
    const attribute = fc.constantFrom(
      'rtpmap:8 ',
      'fmtp:8 ',
      'ptime:',
      'maxptime:',
      'rtcp:',
      'ssrc:',
      'candidate:',
      'mid:',
    )
    const line = fc.oneof(
      fc.tuple(attribute, value).map(([name, said]) => `a=${name}${said}`),
      fc.tuple(fc.constantFrom('m=', 'c=IN IP4 ', 'b=', 't=', 's='), value).map((said) => said.join('')),
      fc.string({ unit: 'binary', maxLength: 60 }),
      fc.constantFrom('v=0', 'o=- 1 1 IN IP4 1.1.1.1', 'm=audio 1 RTP/AVP 8', 'c=IN IP4 1.1.1.1', 'a=rtpmap:8 PCMA'),
    )
    fc.assert(
      fc.property(fc.array(line, { maxLength: 30 }), (all) => {
        const sdp = readSdp(Buffer.from(all.join('\r\n')))
        if (sdp.kind === 'sdp') expect(() => makeAnswer(sdp, media(4))).not.toThrow()
      }),
    )
  })
})

describe('our answer', () => {
  it('keeps the order of the streams, refuses all but the audio, and uses the numbers of the offer', () => {
    const offer = read(
      lines(
        'm=video 5000 RTP/AVP 31',
        'm=audio 4000 RTP/AVP 8 96',
        'a=rtpmap:96 telephone-event/8000',
        'm=audio 6000 RTP/AVP 0',
      ),
    )
    const answer = read(Buffer.from(makeAnswer(offer, media(7_000)) ?? ''))
    expect(answer.streams.map(({ type, isAudio }) => [type, isAudio])).toEqual([
      ['video', false],
      ['audio', true],
      ['audio', false],
    ])
    expect(answer.audio).toMatchObject({ port: 7_000, codecs: [{ name: 'PCMA', payload: 8 }], keysPayload: 96 })
  })

  it('to hold is recvonly, and to silence silence', () => {
    const answerTo = (direction: string) =>
      makeAnswer(read(lines('m=audio 4000 RTP/AVP 8', `a=${direction}`)), media(1))
    expect(answerTo('sendonly')).toContain('a=recvonly')
    expect(answerTo('inactive')).toContain('a=inactive')
    expect(answerTo('recvonly')).toContain('a=sendonly')
    expect(meet('sendrecv', 'sendonly')).toBe('sendonly')
    expect(meet('recvonly', 'recvonly')).toBe('inactive')
  })

  it('to our own offer can be read, in IPv6 too', () => {
    expect(read(Buffer.from(makeOffer(media(9, { host: '2001:db8::1' })))).audio).toMatchObject({
      host: '2001:db8::1',
      port: 9,
      keysPayload: 101,
    })
  })
})

import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { keyEvents, keyOfInfo, keys, readKeyEvent, writeKeyEvent, type Key } from '../../../telephony/rtp/key-press.ts'
import { keyPresses, type KeyPacket } from '../../../telephony/rtp/key-presses.ts'

type Sent = { packet: KeyPacket; atMs: number }

/** The packets of keys pressed one after the other, `gapMs` apart. */
function pressed(wanted: readonly Key[], gapMs = 200): Sent[] {
  return wanted.flatMap((key, i) =>
    keyEvents(key).map((event, n) => ({
      packet: { ...event, marker: n === 0, timestamp: (0xffff_f000 + i * 8 * (160 + gapMs)) >>> 0 },
      atMs: i * (160 + gapMs) + n * 20,
    })),
  )
}

function hear(sent: readonly Sent[]): Key[] {
  const presses = keyPresses()
  return sent.flatMap(({ packet, atMs }) => presses.byRtp(packet, atMs) ?? [])
}

const someKeys = fc.array(fc.constantFrom(...keys), { minLength: 1, maxLength: 12 })

describe('keys by RTP', () => {
  it('are read as they were written, and nothing else is a key', () => {
    for (const key of keys)
      for (const event of keyEvents(key)) expect(readKeyEvent(writeKeyEvent(event))).toEqual(event)
    for (const event of [16, 17, 36, 255]) expect(readKeyEvent(Uint8Array.of(event, 0, 0, 160))).toBeUndefined()
    fc.assert(fc.property(fc.uint8Array({ maxLength: 3 }), (short) => readKeyEvent(short) === undefined))
  })

  it('end with the same packet three times', () => {
    const ends = keyEvents('5', 100).filter(({ isEnd }) => isEnd)
    expect(ends).toEqual(Array.from({ length: 3 }, () => ({ key: '5', isEnd: true, durationSamples: 800 })))
  })

  it('count once each, at their first packet', () => {
    expect(hear(pressed(['1', '1', '2', '*', '#', '1']))).toEqual(['1', '1', '2', '*', '#', '1'])
    const presses = keyPresses()
    expect(pressed(['7']).map(({ packet, atMs }) => presses.byRtp(packet, atMs))[0]).toBe('7')
  })

  it('count once each whatever packets are lost, as long as one comes, and whatever comes twice', () => {
    const fates = fc.array(fc.nat(2), { minLength: 200, maxLength: 200 })
    fc.assert(
      fc.property(someKeys, fates, (wanted, fate) => {
        const perKey = keyEvents('0').length
        const sent = pressed(wanted).flatMap((one, i) => {
          const isLastHope = i % perKey === perKey - 1
          const copies = Math.max(isLastHope ? 1 : 0, fate[i] ?? 1)
          return Array.from({ length: copies }, (_, copy) => ({ ...one, atMs: one.atMs + copy * 2 }))
        })
        expect(hear(sent)).toEqual(wanted)
      }),
    )
  })

  it('count once when late packets of the press before come in between', () => {
    const all = pressed(['4', '2'])
    const moved = [...all.slice(0, 6), ...all.slice(8, 11), ...all.slice(6, 8), ...all.slice(11)]
    expect(hear(moved)).toEqual(['4', '2'])
  })

  it('count once when held longer than one segment can tell, or from a gateway whose timestamp runs on', () => {
    const held = [0, 0xffff].flatMap((timestamp, segment) =>
      [8_000, 40_000, 65_535].map((durationSamples, i) => ({
        packet: { key: '9' as const, isEnd: false, durationSamples, marker: segment + i === 0, timestamp },
        atMs: segment * 8_192 + i * 1_000,
      })),
    )
    expect(hear(held)).toEqual(['9'])
    const running = keyEvents('3').map((event, i) => ({
      packet: { ...event, marker: i === 0, timestamp: 5_000 + Math.min(i, 5) * 160 },
      atMs: i * 20,
    }))
    expect(hear(running)).toEqual(['3'])
  })
})

describe('keys by SIP INFO', () => {
  it.each([
    ['application/dtmf-relay', 'Signal=5\r\nDuration=160\r\n', '5'],
    ['application/dtmf-relay', 'Duration=160\nsignal= *\n', '*'],
    ['Application/DTMF-Relay; charset=utf-8', 'Signal=11', '#'],
    ['application/dtmf', '7\r\n', '7'],
    ['application/dtmf', 'd', 'D'],
  ])('are read from %s', (type, body, key) => {
    expect(keyOfInfo(type, body)).toBe(key)
  })

  it('are none in anything else', () => {
    expect(keyOfInfo('application/dtmf-relay', 'Signal=12345')).toBeUndefined()
    expect(keyOfInfo('application/dtmf-relay', 'Duration=5')).toBeUndefined()
    expect(keyOfInfo('text/plain', '5')).toBeUndefined()
    fc.assert(
      fc.property(fc.string(), fc.string(), (type, body) => {
        keyOfInfo(type, body)
        keyOfInfo('application/dtmf-relay', body)
      }),
    )
  })

  it('count once together with the same press by RTP, whichever comes first and however long it is held', () => {
    const order = fc.constantFrom('rtp first', 'info first', 'info at release')
    fc.assert(
      fc.property(someKeys, order, (wanted, which) => {
        const presses = keyPresses()
        const heard: (Key | undefined)[] = []
        const steps = pressed(wanted, 400).map(({ packet, atMs }) => ({
          atMs,
          run: () => heard.push(presses.byRtp(packet, atMs)),
        }))
        wanted.forEach((key, i) => {
          const atMs = i * 560 + { 'rtp first': 30, 'info first': -150, 'info at release': 330 }[which]
          steps.push({ atMs, run: () => heard.push(presses.byInfo(key, atMs)) })
        })
        steps.sort((one, other) => one.atMs - other.atMs).forEach(({ run }) => run())
        expect(heard.filter((key) => key !== undefined)).toEqual(wanted)
      }),
    )
  })

  it('count each when they are two presses', () => {
    const presses = keyPresses()
    expect([presses.byInfo('1', 0), presses.byInfo('1', 100), presses.byInfo('2', 150)]).toEqual(['1', '1', '2'])
    const [first] = pressed(['1'])
    expect(first && presses.byRtp(first.packet, 900)).toBe('1')
  })
})

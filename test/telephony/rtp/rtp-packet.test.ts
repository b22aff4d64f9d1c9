import fc from 'fast-check'
import { expect, it } from 'vitest'
import { readRtp, writeRtp } from '../../../telephony/rtp/rtp-packet.ts'

const header = fc.record({
  marker: fc.boolean(),
  payloadType: fc.nat(127),
  sequence: fc.nat(0xffff),
  timestamp: fc.nat(0xffff_ffff),
  ssrc: fc.nat(0xffff_ffff),
})
const payload = fc.uint8Array({ maxLength: 480 })

it('reads back what it wrote', () => {
  fc.assert(
    fc.property(header, payload, (fields, bytes) => {
      const { payload: read, ...rest } = readRtp(writeRtp(fields, bytes)) ?? { payload: undefined }
      expect(rest).toEqual(fields)
      expect(read && [...read]).toEqual([...bytes])
    }),
  )
})

it('steps over contributing sources, an extension and padding', () => {
  const extras = fc.record({
    sources: fc.nat(15),
    extensionWords: fc.option(fc.nat(8), { nil: undefined }),
    padding: fc.option(fc.integer({ min: 1, max: 40 }), { nil: undefined }),
  })
  fc.assert(
    fc.property(header, payload, extras, (fields, bytes, { sources, extensionWords, padding }) => {
      const plain = writeRtp(fields, new Uint8Array())
      const extension =
        extensionWords === undefined
          ? []
          : [0xbe, 0xde, 0, extensionWords, ...Array<number>(extensionWords * 4).fill(0xee)]
      const pad = padding === undefined ? [] : [...Array<number>(padding - 1).fill(0), padding]
      plain[0] = 0x80 | sources | (extensionWords === undefined ? 0 : 0x10) | (padding === undefined ? 0 : 0x20)
      const datagram = Uint8Array.from([
        ...plain,
        ...Array<number>(sources * 4).fill(7),
        ...extension,
        ...bytes,
        ...pad,
      ])
      expect([...(readRtp(datagram)?.payload ?? ['nothing'])]).toEqual([...bytes])
    }),
  )
})

it('never throws, and never looks beyond the datagram', () => {
  fc.assert(
    fc.property(fc.uint8Array({ maxLength: 1_600 }), (bytes) => {
      const read = readRtp(bytes)
      if (!read) return
      expect(bytes[0]! >> 6).toBe(2)
      expect(read.payload.byteOffset - bytes.byteOffset).toBeGreaterThanOrEqual(12)
      expect(read.payload.byteOffset + read.payload.length).toBeLessThanOrEqual(bytes.byteOffset + bytes.length)
    }),
    { numRuns: 2_000 },
  )
})

it.each([
  ['another version', [0x40]],
  ['padding longer than the packet', [0xa0, ...Array<number>(10).fill(0), 200]],
  ['padding of no length', [0xa0]],
  ['an extension that ends outside', [0x90, ...Array<number>(12).fill(0), 0xff, 0xff, 0xff]],
  ['more sources than there is room for', [0x8f]],
])('takes %s for no packet', (_, start) => {
  expect(readRtp(Uint8Array.from([...start, ...Array<number>(Math.max(0, 12 - start.length)).fill(0)]))).toBeUndefined()
})

it('takes nothing longer than a frame of Ethernet', () => {
  const fields = { marker: false, payloadType: 8, sequence: 1, timestamp: 1, ssrc: 1 }
  expect(readRtp(writeRtp(fields, new Uint8Array(1_489)))).toBeUndefined()
})

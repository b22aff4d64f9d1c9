import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { headerOf, type Message, type Refusal } from '../../../telephony/sip/message.ts'
import { messageBounds, parseMessage } from '../../../telephony/sip/parser.ts'
import { userOf } from '../../../telephony/sip/uri.ts'
import { writeMessage } from '../../../telephony/sip/writer.ts'
import { aRequest } from './peers.ts'

const parse = (text: string) => parseMessage(Buffer.from(text))
const invite = (more: Partial<Parameters<typeof aRequest>[0]> = {}) => aRequest({ to: 5060, from: 5061, ...more })
const withHeader = (line: string) => invite({ method: 'OPTIONS', headers: [line] })

function request(text: string) {
  const message = parse(text)
  if (message.kind !== 'request') throw new Error(message.kind === 'refusal' ? message.why : 'a response')
  return message
}
function refusal(text: string): Refusal {
  const message = parse(text)
  if (message.kind !== 'refusal') throw new Error('it was taken')
  return message
}

describe('the parser', () => {
  it('reads names in Chinese, short header names and folded lines', () => {
    const text = [
      'OPTIONS sip:%E4%B8%AD@example.com;transport=tcp SIP/2.0',
      'v: SIP/2.0/UDP 127.0.0.1:5061;branch=z9hG4bKx',
      'f: "王 \\"小\\" 明" <sip:a@b>;tag=1',
      't: sip:c@d',
      'i: x@y',
      'CSeq:',
      '  7',
      '\tOPTIONS',
      'l: 0',
      '',
      '',
    ].join('\r\n')
    const read = request(text)
    expect(read.from.displayName).toBe('王 "小" 明')
    expect(userOf(read.target)).toBe('中')
    expect(read.cseq).toEqual({ number: 7, method: 'OPTIONS' })
    expect(read.vias[0]).toMatchObject({ transport: 'UDP', host: '127.0.0.1', port: 5061 })
  })

  it.each([
    ['a Content-Length that is longer than the datagram', invite().replace('Content-Length: 0', 'Content-Length: 10')],
    ['a number of four billion', invite().replace('CSeq: 1', 'CSeq: 4294967296')],
    ['two To headers', withHeader('t: sip:other@example.com')],
    ['a header line without a name', withHeader(': value')],
    ['a header line without a colon', withHeader('nothing here')],
    ['a bare line feed inside a line', withHeader('X-A: one\nX-B: two')],
    ['a line that is too long', withHeader(`X-A: ${'a'.repeat(messageBounds.line)}`)],
    ['a star for a Contact', invite().replace(/Contact: .*\r/, 'Contact: *\r')],
    ['an IPv6 host that is none', invite().replace('<sip:caller@127.0.0.1:5061>', '<sip:caller@[::zz]>')],
    ['port zero', invite().replace('INVITE sip:hotline@127.0.0.1:5060', 'INVITE sip:hotline@127.0.0.1:0')],
  ])('refuses %s with 400', (_what, text) => {
    expect(refusal(text).status).toBe(400)
  })

  it.each([
    ['nothing', ''],
    ['noise', '\u0000\u0001\u0002'],
    ['a head that does not end', 'INVITE sip:a@b SIP/2.0\r\n' + 'X: y\r\n'.repeat(3_000)],
    ['an ACK that cannot be read', invite({ method: 'ACK' }).replace('CSeq: 1', 'CSeq: x')],
    ['a response with a status of five digits', 'SIP/2.0 20000 OK\r\nVia: SIP/2.0/UDP a;branch=z9hG4bKx\r\n\r\n'],
  ])('drops %s', (_what, text) => {
    expect(refusal(text).status).toBeUndefined()
  })

  it('takes a name before a blank and a colon for that name, so nothing is smuggled past by a blank', () => {
    expect(headerOf(request(withHeader('X-Secret : 1')), 'x-secret')).toBe('1')
  })

  it('keeps a null in its escape', () => {
    expect(userOf(request(invite({ user: 'a%00b' })).target)).toBe('a%00b')
  })

  it('never throws and never looks at a character more than a few dozen times', () => {
    const pieces = fc.constantFrom(
      ...' \t\r\n;,:<>"\\@=/?*[]%'.split(''),
      'SIP/2.0',
      'Via',
      'sip:',
      'a',
      '王',
      'tag=',
      'From: ',
      '\r\n',
      'INVITE ',
      'z9hG4bK',
    )
    const noise = fc.array(pieces, { maxLength: 400 }).map((all) => all.join(''))
    fc.assert(
      fc.property(noise, fc.nat(400), (text, at) => {
        const honest = invite()
        const cut = Math.min(at, honest.length)
        for (const whole of [text, honest.slice(0, cut) + text + honest.slice(cut)]) {
          const bytes = Buffer.from(whole)
          const meter = { steps: 0 }
          const { kind } = parseMessage(bytes, meter)
          expect(['request', 'response', 'refusal']).toContain(kind)
          expect(meter.steps).toBeLessThan(200 + bytes.length * 24)
        }
      }),
      { numRuns: 2_000 },
    )
  })

  it.each([
    ['blanks in an address', (n: number) => invite().replace(/^To: .*$/m, `To: a${' '.repeat(n)}x`)],
    ['semicolons', (n: number) => invite().replace(/^To: .*$/m, `To: <sip:a@b>${';a'.repeat(n / 2)}`)],
    ['quotes and escapes', (n: number) => invite().replace(/^To: .*$/m, `To: "${'\\"'.repeat(n / 2)}" <sip:a@b>`)],
    ['an open quote', (n: number) => invite().replace(/^To: .*$/m, `To: "${'a'.repeat(n)}`)],
    ['contacts', (n: number) => invite().replace(/^Contact: .*$/m, `Contact: ${'<sip:a@b>,'.repeat(n / 10)}<sip:a@b>`)],
    ['URI parameters', (n: number) => invite().replace(/^Contact: .*$/m, `Contact: <sip:a@b${';c=d'.repeat(n / 4)}>`)],
    ['folds', (n: number) => withHeader(`X: y${'\r\n z'.repeat(Math.min(n / 4, 120))}`)],
  ])('takes time in proportion for %s', (_what, make) => {
    const steps = (n: number) => {
      const meter = { steps: 0 }
      parseMessage(Buffer.from(make(n)), meter)
      return meter.steps
    }
    expect(steps(3_600)).toBeLessThan(steps(1_800) * 2.2)
  })

  it('reads back what the writer wrote, whatever stood in it', () => {
    const text = fc.string({ unit: 'binary', maxLength: 60 })
    fc.assert(
      fc.property(text, text, (value, reason) => {
        const honest: Message = request(invite())
        const headers = [...honest.headers, { name: 'x-data', value }]
        const bytes = writeMessage({ kind: 'response', status: 200, reason, headers, body: Buffer.alloc(0) })
        const read = parseMessage(bytes)
        if (read.kind !== 'response') throw new Error('not a response any more')
        expect(read.headers.filter(({ name }) => name === 'content-length')).toHaveLength(1)
        expect(read.headers.map(({ name }) => name).sort()).toEqual(headers.map(({ name }) => name).sort())
      }),
    )
  })
})

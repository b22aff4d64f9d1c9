import { describe, expect, it } from 'vitest'
import { answeringDialog, callingDialog, firstStop, nextHeading, receive } from '../../../telephony/sip/dialog.ts'
import { parseMessage } from '../../../telephony/sip/parser.ts'
import { hopTo } from '../../../telephony/sip/routing.ts'
import {
  actAfterSeconds,
  agreedTimer,
  agreeTimer,
  answerTimer,
  askTimer,
  type SessionTimer,
} from '../../../telephony/sip/session-timer.ts'
import type { Hop } from '../../../telephony/sip/transport.ts'
import { parseUri, type Uri } from '../../../telephony/sip/uri.ts'
import { aRequest } from './peers.ts'

function request(headers: readonly string[] = [], more: Partial<Parameters<typeof aRequest>[0]> = {}) {
  const message = parseMessage(Buffer.from(aRequest({ to: 5060, from: 5061, callId: 'c', headers, ...more })))
  if (message.kind !== 'request') throw new Error('not a request')
  return message
}
function response(...headers: string[]) {
  const base = ['Via: SIP/2.0/UDP a;branch=z9hG4bKx', 'From: <sip:us@a>;tag=u', 'To: <sip:them@b>;tag=t', 'Call-ID: c']
  const text = ['SIP/2.0 200 OK', ...base, 'CSeq: 3 INVITE', ...headers, '', ''].join('\r\n')
  const message = parseMessage(Buffer.from(text))
  if (message.kind !== 'response') throw new Error('not a response')
  return message
}
function uri(text: string): Uri {
  const parsed = parseUri(text)
  if (!parsed) throw new Error('no URI')
  return parsed
}

describe('a dialog', () => {
  const recorded = ['Record-Route: <sip:p1;lr>, <sip:p2;lr>', 'Record-Route: <sip:p3;lr>']

  it('goes back the way it came: in order for who was called, in reverse for who called', () => {
    const invite = request(recorded)
    const [contact] = invite.contacts
    const called = contact && answeringDialog(invite, contact, 'l')
    expect(called?.route.map((route) => route.uri.text)).toEqual(['sip:p1;lr', 'sip:p2;lr', 'sip:p3;lr'])
    const calling = callingDialog(response(...recorded, 'Contact: <sip:them@9.9.9.9>'), uri('sip:them@b'))
    expect(calling.route.map((route) => route.uri.text)).toEqual(['sip:p3;lr', 'sip:p2;lr', 'sip:p1;lr'])
    expect(firstStop(calling).text).toBe('sip:p3;lr')
    expect(nextHeading(calling, 'BYE').heading).toMatchObject({ uri: 'sip:them@9.9.9.9' })
    expect(nextHeading(calling, 'BYE').heading.headers).toContainEqual(['cseq', '4 BYE'])
  })

  it('gives a strict router its own address, and the target last', () => {
    const dialog = callingDialog(
      response('Record-Route: <sip:loose;lr>, <sip:strict>', 'Contact: <sip:them@9.9.9.9>'),
      uri('sip:them@b'),
    )
    const { heading } = nextHeading(dialog, 'BYE')
    expect(heading.uri).toBe('sip:strict')
    expect(heading.headers.filter(([name]) => name === 'route')).toEqual([
      ['route', '<sip:loose;lr>'],
      ['route', '<sip:them@9.9.9.9>'],
    ])
  })

  it('takes only numbers that go up, and moves its target only for what may move it', () => {
    const invite = request()
    const [contact] = invite.contacts
    const dialog = contact && answeringDialog(invite, contact, 'l')
    if (!dialog) throw new Error('no dialog')
    expect(receive(dialog, request([], { cseq: 1 }))).toBeUndefined()
    const moved = receive(dialog, request([], { cseq: 2, from: 6_000 }))
    expect(moved?.target.text).toBe('sip:caller@127.0.0.1:6000')
    const info = receive(dialog, request([], { method: 'INFO', cseq: 2, from: 6_000 }))
    expect(info?.target.text).toBe('sip:caller@127.0.0.1:5061')
  })
})

describe('the way of a request', () => {
  const flow: Hop = { transport: 'udp', host: '203.0.113.9', port: 40_000 }
  const way = (text: string, over: Hop = flow) => hopTo(uri(text), over, () => false)

  it('is its address, but neither a private one behind a public one nor a name', () => {
    expect(way('sip:a@198.51.100.1:5070;transport=tcp')).toEqual({
      transport: 'tcp',
      host: '198.51.100.1',
      port: 5_070,
    })
    expect(way('sip:a@10.0.0.1')).toMatchObject({ host: '203.0.113.9', port: 40_000 })
    expect(way('sip:a@metadata.internal')).toMatchObject({ host: '203.0.113.9', port: 40_000 })
    expect(way('tel:+8612393')).toEqual(flow)
    expect(way('sip:a@10.0.0.1', { ...flow, host: '192.168.1.1' })).toMatchObject({ host: '10.0.0.1', port: 5_060 })
  })

  it('is the connection it came on, while that lives', () => {
    const stream: Hop = { transport: 'tcp', host: '203.0.113.9', port: 40_000, connection: 7 }
    expect(hopTo(uri('sip:a@198.51.100.1'), stream, () => true)).toBe(stream)
    expect(hopTo(uri('sip:a@198.51.100.1'), stream, () => false)).toMatchObject({ transport: 'tcp', port: 5_060 })
  })
})

describe('a session timer', () => {
  it.each<[string, string[], ReturnType<typeof agreeTimer>]>([
    ['is none for a peer that knows none', [], undefined],
    ['is ours to propose', ['Supported: timer'], { intervalSeconds: 1_800, isOurs: false }],
    ['is what was asked', ['k: timer', 'x: 600;refresher=uas'], { intervalSeconds: 600, isOurs: true }],
    ['is raised to Min-SE', ['k: timer', 'x: 100', 'Min-SE: 200'], { intervalSeconds: 200, isOurs: false }],
    ['has an end in any case', ['k: timer', 'x: 2000000000'], { intervalSeconds: 86_400, isOurs: false }],
    ['is refused when too short', ['k: timer', 'x: 89'], 'too-small'],
  ])('%s', (_what, headers, agreed) => {
    expect(agreeTimer(request(headers))).toEqual(agreed)
  })

  it('names the refresher by its part in each exchange', () => {
    const ours: SessionTimer = { intervalSeconds: 90, isOurs: true }
    expect(answerTimer(ours)).toEqual([['session-expires', '90;refresher=uas']])
    expect(answerTimer({ ...ours, isOurs: false })).toContainEqual(['require', 'timer'])
    expect(askTimer(ours, 300)[0]).toEqual(['session-expires', '300;refresher=uac'])
    expect(agreedTimer(response('Session-Expires: 600;refresher=uas'))).toEqual({ intervalSeconds: 600, isOurs: false })
    expect(agreedTimer(response('Session-Expires: 600'))).toEqual({ intervalSeconds: 600, isOurs: true })
    expect(agreedTimer(response())).toBeUndefined()
    expect([actAfterSeconds(ours), actAfterSeconds({ ...ours, isOurs: false })]).toEqual([45, 60])
  })
})

/** Desk phones with us, we with a trunk, and who may call. */
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { admission, type AdmissionRules } from '../../../telephony/sip/admission.ts'
import type { IncomingCall } from '../../../telephony/sip/call.ts'
import { answerChallenge } from '../../../telephony/sip/digest.ts'
import { addressList, isPrivate } from '../../../telephony/sip/local-address.ts'
import { parseMessage } from '../../../telephony/sip/parser.ts'
import { registrar } from '../../../telephony/sip/registrar.ts'
import type { RegistrationState } from '../../../telephony/sip/registration.ts'
import type { Hop } from '../../../telephony/sip/transport.ts'
import { anAgent, anOffer, aPeer, aRequest, hurriedClock, takesAll, until } from './peers.ts'

const now = Date.UTC(2025, 0, 1)
const rules: AdmissionRules = {
  users: (name) => (name === 'desk' ? 'right' : name === 'empty' ? '' : undefined),
  trunks: ['203.0.113.0/28', '2001:db8::5'],
  anonymous: 'private',
  hotline: ['hotline'],
  realm: 'r',
  challenges: ['MD5', 'SHA-256'],
}

function request(more: Partial<Parameters<typeof aRequest>[0]> = {}) {
  const message = parseMessage(Buffer.from(aRequest({ to: 5060, from: 5061, ...more })))
  if (message.kind !== 'request') throw new Error('not a request')
  return message
}

type Door = ReturnType<typeof admission>

function challengesOf(door: Door, host: string, method = 'INVITE', at = now): string[] {
  const verdict = door.toRegister(request({ method, user: 'other' }), { host }, at)
  return verdict.is === 'challenged' ? (verdict.answer.headers ?? []).map(([, value]) => value) : []
}

function withPassword(challenges: readonly string[], user: string, password: string, method = 'INVITE') {
  const uri = 'sip:other@127.0.0.1:5060'
  const value = answerChallenge(challenges, { method, uri, cnonce: 'c' }, { user, password })
  return request({ method, user: 'other', headers: [`Authorization: ${value}`] })
}

describe('who may call', () => {
  it.each([
    ['private', '127.0.0.1', 'hotline', 'admitted'],
    ['private', '10.1.2.3', 'hotline', 'admitted'],
    ['private', '172.31.0.1', 'hotline', 'admitted'],
    ['private', '192.168.1.1', 'hotline', 'admitted'],
    ['private', '172.32.0.1', 'hotline', 'challenged'],
    ['private', '8.8.8.8', 'hotline', 'challenged'],
    ['private', '10.1.2.3', 'another', 'challenged'],
    ['none', '127.0.0.1', 'hotline', 'challenged'],
    ['all', '8.8.8.8', 'hotline', 'admitted'],
    ['all', '8.8.8.8', 'another', 'challenged'],
    ['none', '203.0.113.7', 'another', 'admitted'],
    ['none', '203.0.113.16', 'another', 'challenged'],
    ['none', '2001:db8::5', 'another', 'admitted'],
  ] as const)('with %s, %s calling %s is %s', (anonymous, host, user, is) => {
    expect(admission({ ...rules, anonymous }).toCall(request({ user }), { host }, now).is).toBe(is)
  })

  it('is whoever has the password, once for each count', () => {
    const door = admission(rules)
    const asked = withPassword(challengesOf(door, '8.8.8.8'), 'desk', 'right')
    expect(door.toCall(asked, { host: '8.8.8.8' }, now)).toEqual({ is: 'admitted', as: { kind: 'user', user: 'desk' } })
    const again = door.toCall(asked, { host: '8.8.8.8' }, now)
    expect(again.is === 'challenged' && again.answer.headers?.[0]?.[1]).toContain('stale=true')
  })

  it.each([
    ['a wrong password', 'desk', 'wrong'],
    ['an unknown user', 'nobody', 'right'],
    ['an unknown user and what stands in for a password', 'nobody', 'nobody'],
    ['an empty password', 'empty', ''],
    ['a very long password', 'desk', 'x'.repeat(3_000)],
  ])('is not one with %s', (_what, user, password) => {
    const door = admission(rules)
    const asked = withPassword(challengesOf(door, '8.8.8.8'), user, password)
    expect(door.toCall(asked, { host: '8.8.8.8' }, now).is).toBe('challenged')
  })

  it('is not one whose challenge is foreign, old, of another method or of another realm', () => {
    const door = admission(rules)
    const foreign = withPassword(challengesOf(admission(rules), '8.8.8.8'), 'desk', 'right')
    expect(door.toCall(foreign, { host: '8.8.8.8' }, now).is).toBe('challenged')
    const old = withPassword(challengesOf(door, '8.8.8.8'), 'desk', 'right')
    const late = door.toCall(old, { host: '8.8.8.8' }, now + 600_000)
    expect(late.is === 'challenged' && late.answer.headers?.[0]?.[1]).toContain('stale=true')
    const other = withPassword(challengesOf(door, '8.8.8.8'), 'desk', 'right', 'REGISTER')
    expect(door.toCall({ ...other, method: 'INVITE' }, { host: '8.8.8.8' }, now).is).toBe('challenged')
    const realm = withPassword(challengesOf(admission({ ...rules, realm: 'q' }), '8.8.8.8'), 'desk', 'right')
    expect(door.toCall(realm, { host: '8.8.8.8' }, now).is).toBe('challenged')
  })

  it('is locked out after five wrong passwords, for five minutes, with the right one too', () => {
    const door = admission(rules)
    const attempt = (password: string, at: number, host = '8.8.8.8') =>
      door.toCall(withPassword(challengesOf(door, host, 'INVITE', at), 'desk', password), { host }, at).is
    for (let n = 0; n < 5; n++) expect(attempt(`guess ${n}`, now + n)).toBe('challenged')
    expect(attempt('right', now + 10)).toBe('forbidden')
    expect(attempt('right', now + 10, '9.9.9.9')).toBe('admitted')
    expect(attempt('right', now + 301_000)).toBe('admitted')
  })

  it('takes addresses and networks for a trunk, and nothing else', () => {
    expect(addressList(['10.0.0.1', '2001:db8::/32']).has('2001:db8::9')).toBe(true)
    for (const odd of ['trunk.example.com', '', '10.0.0.0/99']) expect(() => addressList([odd])).toThrow()
    expect(isPrivate('example.com')).toBe(false)
  })
})

describe('the registrar', () => {
  const flow: Hop = { transport: 'udp', host: '10.0.0.9', port: 5061 }
  const register = (contact: string, more: Partial<Parameters<typeof aRequest>[0]> = {}) => {
    const text = aRequest({ method: 'REGISTER', to: 5060, from: 5061, user: 'desk', callId: 'c', ...more })
    const message = parseMessage(
      Buffer.from(text.replace(/^Contact: .*\r\n/m, contact ? `Contact: ${contact}\r\n` : '')),
    )
    if (message.kind !== 'request') throw new Error('not a request')
    return message
  }

  it('keeps a parameter of the header apart from one of the URI', () => {
    const book = registrar()
    const answer = book.register(register('sip:+1@gw1.example.net;unknown'), flow, 'desk', now)
    expect(answer).toEqual({ status: 200, headers: [['contact', '<sip:+1@gw1.example.net>;expires=3600']] })
    const second = book.register(register('<sip:+1@gw1.example.net;unknown>', { cseq: 2 }), flow, 'desk', now)
    expect(second.headers).toHaveLength(2)
  })

  it('forgets a phone when its time is over, or when it says so', () => {
    const book = registrar()
    book.register(register('<sip:a@1.1.1.1>;expires=60'), flow, 'desk', now)
    expect(book.reach('desk', now + 59_000)?.flow).toEqual(flow)
    expect(book.reach('desk', now + 61_000)).toBeUndefined()
    book.sweep(now + 61_000)
    expect(book.users()).toBe(0)
    book.register(register('<sip:a@1.1.1.1>', { cseq: 2 }), flow, 'desk', now)
    book.register(register('*', { cseq: 3, headers: ['Expires: 0'] }), flow, 'desk', now)
    expect(book.reach('desk', now)).toBeUndefined()
  })

  it.each([
    ['another user', register('<sip:a@b>'), 'other', 403],
    ['a contact that is no phone', register('<name:a>'), 'desk', 416],
    ['too short a time', register('<sip:a@b>;expires=5'), 'desk', 423],
    ['a star without Expires: 0', register('*'), 'desk', 400],
  ])('refuses %s and changes nothing', (_what, message, user, status) => {
    const book = registrar()
    book.register(register('<sip:kept@b>', { callId: 'first' }), flow, 'desk', now)
    expect(book.register(message, flow, user, now).status).toBe(status)
    expect(book.reach('desk', now)?.uri.text).toBe('sip:kept@b')
  })

  it('keeps five phones of one user, the newest, and takes a question for what it is', () => {
    const book = registrar()
    for (let n = 1; n <= 8; n++) book.register(register(`<sip:p${n}@b>`, { cseq: n }), flow, 'desk', now)
    expect(book.register(register('', { cseq: 9 }), flow, 'desk', now).headers).toHaveLength(5)
    expect(book.reach('desk', now)?.uri.text).toBe('sip:p8@b')
  })
})

describe('a desk phone', () => {
  type Agent = Awaited<ReturnType<typeof anAgent>>
  let hotline: Agent
  let phone: Agent
  const calls: IncomingCall[] = []
  beforeEach(async () => {
    calls.length = 0
    hotline = await anAgent({ users: (name) => (name === 'desk' ? 'right' : undefined) })
    phone = await anAgent({ anonymous: 'all', clock: hurriedClock })
    phone.agent.onInvite(takesAll(calls))
  })
  afterEach(async () => {
    await Promise.all([hotline.agent.stop(), phone.agent.stop()])
    expect([...hotline.log.errors, ...phone.log.errors]).toEqual([])
  })
  const registers = (password: string, transport = '') => {
    const states: RegistrationState['is'][] = []
    const registration = phone.agent.register({
      registrar: `sip:127.0.0.1:${hotline.port}${transport}`,
      credentials: { user: 'desk', password },
      changed: ({ is }) => states.push(is),
    })
    return { registration, states }
  }

  it.each(['', ';transport=tcp'])('registers, is called by its name, and goes%s', async (transport) => {
    const { registration, states } = registers('right', transport)
    await until(() => states.includes('registered'))
    expect(hotline.agent.isReachable('desk')).toBe(true)
    const call = hotline.agent.dial({ target: { user: 'desk' }, sdp: anOffer() })
    expect((await call.outcome).answered).toBe(true)
    call.bye()
    await until(() => call.isEnded())
    await registration.stop()
    expect(hotline.agent.isReachable('desk')).toBe(false)
    expect(() => hotline.agent.dial({ target: { user: 'desk' }, sdp: anOffer() })).toThrow(TypeError)
  })

  it('registers again before its time is over', async () => {
    const { registration, states } = registers('right')
    await until(() => states.filter((is) => is === 'registered').length >= 3)
    await registration.stop()
    expect(states.at(-1)).toBe('stopped')
  })

  it('with a wrong password is refused and tries again later', async () => {
    const { registration, states } = registers('wrong')
    await until(() => states.includes('refused'))
    expect(registration.state()).toEqual({ is: 'refused', status: 401 })
    await registration.stop()
  })

  it('without a password gets a challenge in both algorithms, and no memory is spent', async () => {
    const peer = await aPeer()
    peer.send(aRequest({ method: 'REGISTER', to: hotline.port, from: peer.port, user: 'desk' }), hotline.port)
    const answer = await peer.next('SIP/2.0 401')
    expect(answer.match(/^WWW-Authenticate: .*algorithm=(MD5|SHA-256)/gm)).toHaveLength(2)
    expect(hotline.agent.openTransactions()).toBe(0)
    expect(hotline.agent.counters().challenged).toBe(1)
    await peer.close()
  })
})

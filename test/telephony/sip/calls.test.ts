/** Two of our agents, or one and a bare peer, over real sockets: what a call can do, and every way it can end. */
import { networkInterfaces } from 'node:os'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import type { Call, CallEnding, IncomingCall, Referral } from '../../../telephony/sip/call.ts'
import type { Info } from '../../../telephony/sip/info.ts'
import { makeAnswer, makeOffer } from '../../../telephony/sip/sdp.ts'
import type { UserAgentOptions } from '../../../telephony/sip/user-agent.ts'
import {
  anAgent,
  anAnswer,
  anOffer,
  aPeer,
  aRequest,
  headerIn,
  hurriedClock,
  media,
  takesAll,
  toTagOf,
  until,
} from './peers.ts'

type Agent = Awaited<ReturnType<typeof anAgent>>
type Peer = Awaited<ReturnType<typeof aPeer>>

let hotline: Agent
let phone: Agent
let peer: Peer
let calls: IncomingCall[]
const others: Agent[] = []

beforeEach(async () => {
  calls = []
  hotline = await anAgent()
  hotline.agent.onInvite(takesAll(calls))
  phone = await anAgent()
  peer = await aPeer()
})
afterEach(async () => {
  const all = [hotline, phone, ...others.splice(0)]
  await Promise.all([...all.map(({ agent }) => agent.stop()), peer.close()])
  for (const { log, agent } of all) {
    expect(log.errors).toEqual([])
    expect([agent.openDialogs(), agent.openTransactions()]).toEqual([0, 0])
  }
})

async function another(options: Partial<UserAgentOptions>): Promise<Agent> {
  const made = await anAgent(options)
  others.push(made)
  return made
}

function endOf(call: Call): { ending?: CallEnding; told: number } {
  const end: { ending?: CallEnding; told: number } = { told: 0 }
  call.listen({
    ended(ending) {
      end.ending = ending
      end.told++
    },
  })
  return end
}

async function answered(via = ''): Promise<{ ours: Call; theirs: IncomingCall }> {
  const ours = phone.agent.dial({ target: hotline.uri + via, sdp: anOffer() })
  expect((await ours.outcome).answered).toBe(true)
  await until(() => calls.length === 1)
  const [theirs] = calls
  if (!theirs) throw new Error('no call')
  return { ours, theirs }
}

/** A call of the bare peer up to its 200; `toTag` is ours. */
async function peerCalls(callId: string, more: Partial<Parameters<typeof aRequest>[0]> = {}) {
  peer.send(aRequest({ to: hotline.port, from: peer.port, callId, body: anOffer(), ...more }), hotline.port)
  const answer = await peer.next('SIP/2.0 200')
  return { answer, toTag: toTagOf(answer) }
}

describe('a call between two agents', () => {
  it.each(['', ';transport=tcp'])('is answered and ended by who called%s', async (via) => {
    const rang: number[] = []
    const ours = phone.agent.dial({
      target: hotline.uri + via,
      sdp: anOffer(41_000),
      from: { uri: 'sip:138@phone.example', displayName: '王"小"明' },
      rang: (status) => rang.push(status),
    })
    expect(await ours.outcome).toMatchObject({ answered: true, remote: { audio: { port: 42_000 } } })
    await until(() => calls.length === 1)
    const [theirs] = calls
    expect(theirs?.caller).toEqual({ uri: 'sip:138@phone.example', user: '138', displayName: '王"小"明' })
    expect(theirs).toMatchObject({ called: 'hotline', admittedAs: { kind: 'anonymous' }, localHost: '127.0.0.1' })
    expect(theirs?.remote()?.audio?.port).toBe(41_000)
    expect(rang).toEqual([180])
    const ends = [endOf(ours), theirs && endOf(theirs)]
    ours.bye('done')
    await until(() => ends.every((end) => end?.ending))
    expect(ends).toMatchObject([
      { ending: { reason: 'local-bye' }, told: 1 },
      { ending: { reason: 'remote-bye', text: 'SIP;cause=200;text="done"' }, told: 1 },
    ])
  })

  it('is ended by who was called, on the same host', async () => {
    const { ours, theirs } = await answered()
    const end = endOf(ours)
    theirs.bye()
    await until(() => end.ending !== undefined && theirs.isEnded())
    expect(end.ending?.reason).toBe('remote-bye')
  })

  it('ends once for each side when both say goodbye at the same moment', async () => {
    const { ours, theirs } = await answered()
    const ends = [endOf(ours), endOf(theirs)]
    ours.bye()
    theirs.bye()
    ours.bye()
    await until(() => ends.every(({ ending }) => ending))
    await new Promise((resolve) => setTimeout(resolve, 50))
    expect(ends.map(({ told }) => told)).toEqual([1, 1])
  })

  it('is held and taken up again from either side', async () => {
    const { ours, theirs } = await answered()
    theirs.listen({ reinvited: (offer) => makeAnswer(offer, media(42_000, { version: 2 })) })
    ours.listen({ reinvited: (offer) => makeAnswer(offer, media(41_000, { version: 2 })) })
    const held = await ours.reinvite(makeOffer(media(41_000, { version: 2, direction: 'sendonly' })))
    expect(held).toMatchObject({ accepted: true, remote: { audio: { direction: 'recvonly' } } })
    expect(theirs.remote()?.audio?.direction).toBe('sendonly')
    const back = await theirs.reinvite(makeOffer(media(42_000, { version: 3 })))
    expect(back).toMatchObject({ accepted: true, remote: { audio: { direction: 'sendrecv' } } })
    ours.bye()
    await until(() => theirs.isEnded())
  })

  it('keeps its media when a change is refused', async () => {
    const { ours, theirs } = await answered()
    const before = theirs.remote()
    expect(await ours.reinvite(makeOffer(media(49_000, { version: 2 })))).toEqual({ accepted: false, status: 488 })
    expect(theirs.remote()).toBe(before)
    expect(ours.isEnded()).toBe(false)
    ours.bye()
    await until(() => theirs.isEnded())
  })

  it('survives two changes that meet', async () => {
    const { ours, theirs } = await answered()
    for (const call of [ours, theirs])
      call.listen({ reinvited: (offer) => makeAnswer(offer, media(43_000, { version: 5 })) })
    const outcomes = await Promise.all([
      ours.reinvite(makeOffer(media(41_000, { version: 2 }))),
      theirs.reinvite(makeOffer(media(42_000, { version: 2 }))),
    ])
    expect(outcomes.map(({ accepted }) => accepted)).toEqual([true, true])
    ours.bye()
    await until(() => theirs.isEnded())
  })

  it('carries keys by INFO', async () => {
    const { ours, theirs } = await answered()
    const infos: Info[] = []
    theirs.listen({ info: (info) => infos.push(info) })
    for (const key of ['5', '*', '#', 'A']) expect(await ours.sendKey(key, 200)).toBe(true)
    expect(infos.map(({ key, durationMs }) => [key, durationMs])).toEqual([
      ['5', 200],
      ['*', 200],
      ['#', 200],
      ['A', 200],
    ])
    ours.bye()
    await until(() => theirs.isEnded())
  })

  it('is passed on by REFER and told how that went', async () => {
    const { ours, theirs } = await answered()
    const referrals: Referral[] = []
    ours.listen({ referred: (referral) => referrals.push(referral) })
    const progress: [number, boolean][] = []
    const target = 'sip:agent@127.0.0.1:5060?Replaces=abc%3Bto-tag%3D1%3Bfrom-tag%3D2'
    const outcome = theirs.refer(target, ({ status, isFinal }) => progress.push([status, isFinal]))
    await until(() => referrals.length === 1)
    expect(referrals[0]).toMatchObject({ target: { user: 'agent' }, replaces: 'abc;to-tag=1;from-tag=2' })
    const accepted = referrals[0]?.accept()
    expect(await outcome).toEqual({ accepted: true, status: 202 })
    await until(() => progress.length === 1)
    accepted?.report(180, 'Ringing')
    await until(() => progress.length === 2)
    accepted?.report(200, 'OK')
    await until(() => progress.length === 3)
    accepted?.report(486, 'too late')
    expect(progress).toEqual([
      [100, false],
      [180, false],
      [200, true],
    ])
    await expect(theirs.refer('no uri')).rejects.toThrow(TypeError)
    ours.bye()
    await until(() => theirs.isEnded())
  })

  it('declines a REFER that nobody listens for', async () => {
    const { ours, theirs } = await answered()
    expect(await theirs.refer('sip:agent@127.0.0.1')).toEqual({ accepted: false, status: 603 })
    ours.bye()
    await until(() => theirs.isEnded())
  })

  it('may leave the offer to who is called', async () => {
    const { toTag, answer } = await peerCalls('late', { body: '' })
    expect(answer).toContain('m=audio 42000')
    let changed = 0
    calls[0]?.listen({ mediaChanged: (remote) => (changed = remote.audio?.port ?? 0) })
    const ack = aRequest({
      method: 'ACK',
      to: hotline.port,
      from: peer.port,
      callId: 'late',
      toTag,
      body: anOffer(45_678),
    })
    peer.send(ack, hotline.port)
    await until(() => changed === 45_678)
    calls[0]?.bye()
    peer.send(okTo(await peer.next('BYE')), hotline.port)
    await until(() => calls[0]?.isEnded() === true)
  })

  it('goes through a trunk that wants a password', async () => {
    const trunk = await another({ users: (name) => (name === '12393' ? '密码' : undefined), anonymous: 'none' })
    trunk.agent.onInvite(takesAll(calls))
    const target = `sip:138@127.0.0.1:${trunk.port}`
    const wrong = phone.agent.dial({ target, sdp: anOffer(), credentials: { user: '12393', password: 'x' } })
    expect(await wrong.outcome).toMatchObject({ answered: false, ending: { reason: 'rejected', status: 401 } })
    const right = phone.agent.dial({ target, sdp: anOffer(), credentials: { user: '12393', password: '密码' } })
    expect((await right.outcome).answered).toBe(true)
    expect(calls[0]?.admittedAs).toEqual({ kind: 'user', user: '12393' })
    right.bye()
    await until(() => right.isEnded())
  })
})

const okTo = (request: string) =>
  [
    'SIP/2.0 200 OK',
    ...['Via', 'From', 'To', 'Call-ID', 'CSeq'].map((name) => `${name}: ${headerIn(request, name)}`),
    'Content-Length: 0',
    '',
    '',
  ].join('\r\n')

const hasIPv6 = Object.values(networkInterfaces()).some((all) => all?.some(({ address }) => address === '::1'))
if (!hasIPv6) console.log('not run: SIP over IPv6, this machine has no ::1')

describe.skipIf(!hasIPv6)('an agent bound to every address', () => {
  it.each(['127.0.0.1', '[::1]'])('is reached and answers at %s, by UDP and TCP', async (host) => {
    const everywhere = await another({ bind: { host: '::', port: 0 } })
    everywhere.agent.onInvite(takesAll(calls))
    const dialler = await another({ bind: { host: '::', port: 0 } })
    for (const via of ['', ';transport=tcp']) {
      const call = dialler.agent.dial({ target: `sip:hotline@${host}:${everywhere.port}${via}`, sdp: anOffer() })
      expect((await call.outcome).answered).toBe(true)
      calls.at(-1)?.bye()
      await until(() => call.isEnded())
    }
  })
})

describe('a call ends', () => {
  it('rejected, with the reason the other side gives', async () => {
    hotline.agent.onInvite((call) => call.reject(486, { retryAfterSeconds: 3, reason: 'Busy\r\nX-Evil: 1' }))
    const ours = phone.agent.dial({ target: hotline.uri, sdp: anOffer() })
    expect(await ours.outcome).toEqual({
      answered: false,
      ending: { reason: 'rejected', status: 486, text: 'Busy X-Evil: 1' },
    })
  })

  it('cancelled on both sides', async () => {
    hotline.agent.onInvite((call) => {
      calls.push(call)
      call.ring()
    })
    let rang = false
    const ours = phone.agent.dial({ target: hotline.uri, sdp: anOffer(), rang: () => (rang = true) })
    await until(() => rang)
    ours.bye()
    expect(await ours.outcome).toMatchObject({ answered: false, ending: { reason: 'cancelled' } })
    expect(calls[0]?.isEnded()).toBe(true)
    await calls[0]?.accept(anAnswer(undefined))
    expect(hotline.agent.openDialogs()).toBe(0)
  })

  it('unanswered, when it rings too long', async () => {
    hotline.agent.onInvite((call) => call.ring())
    const ours = phone.agent.dial({ target: hotline.uri, sdp: anOffer(), ringSeconds: 0.1 })
    expect(await ours.outcome).toMatchObject({ answered: false, ending: { reason: 'unanswered' } })
  })

  it('unanswered, when nobody is there at all', async () => {
    const ours = phone.agent.dial({ target: `sip:a@127.0.0.1:${peer.port}`, sdp: anOffer() })
    expect(await ours.outcome).toMatchObject({ answered: false, ending: { reason: 'unanswered' } })
    expect(peer.heard.filter((text) => text.startsWith('INVITE')).length).toBeGreaterThan(3)
  })

  it('when its connection cannot be made', async () => {
    const ours = phone.agent.dial({ target: 'sip:a@127.0.0.1:1;transport=tcp', sdp: anOffer() })
    expect(await ours.outcome).toMatchObject({ answered: false, ending: { reason: 'transport-failed' } })
  })

  it('for want of an ACK, after the 200 was sent many times, with a BYE', async () => {
    await peerCalls('no-ack')
    const end = calls[0] && endOf(calls[0])
    await until(() => end?.ending !== undefined)
    expect(end).toMatchObject({ ending: { reason: 'no-ack' }, told: 1 })
    expect(peer.heard.filter((text) => text.startsWith('SIP/2.0 200')).length).toBeGreaterThan(3)
    await peer.next('BYE')
  })

  it('when our goodbye is not answered', async () => {
    const { toTag } = await peerCalls('deaf')
    peer.send(aRequest({ method: 'ACK', to: hotline.port, from: peer.port, callId: 'deaf', toTag }), hotline.port)
    await until(() => calls.length === 1)
    const end = calls[0] && endOf(calls[0])
    calls[0]?.bye()
    await until(() => end?.ending !== undefined)
    expect(end).toMatchObject({ ending: { reason: 'bye-timed-out' }, told: 1 })
  })

  it('with a goodbye that waits for the ACK', async () => {
    const { toTag } = await peerCalls('hasty')
    calls[0]?.bye()
    await new Promise((resolve) => setTimeout(resolve, 30))
    expect(peer.heard.some((text) => text.startsWith('BYE'))).toBe(false)
    peer.send(aRequest({ method: 'ACK', to: hotline.port, from: peer.port, callId: 'hasty', toTag }), hotline.port)
    peer.send(okTo(await peer.next('BYE')), hotline.port)
    await until(() => calls[0]?.isEnded() === true)
  })

  it('when its session timer runs out, as soon as the peer no longer refreshes', async () => {
    const strict = await another({ clock: hurriedClock })
    strict.agent.onInvite(takesAll(calls))
    const headers = ['Supported: timer', 'Session-Expires: 90;refresher=uac']
    peer.send(aRequest({ to: strict.port, from: peer.port, callId: 'timer', headers, body: anOffer() }), strict.port)
    const answer = await peer.next('SIP/2.0 200')
    expect(headerIn(answer, 'Session-Expires')).toBe('90;refresher=uac')
    const toTag = toTagOf(answer)
    peer.send(aRequest({ method: 'ACK', to: strict.port, from: peer.port, callId: 'timer', toTag }), strict.port)
    const end = calls[0] && endOf(calls[0])
    await until(() => end?.ending !== undefined)
    expect(end).toMatchObject({ ending: { reason: 'session-expired' }, told: 1 })
    await peer.next('BYE')
  })

  it('not while it is refreshed, by UPDATE, from our side', async () => {
    const [asking, answering] = [await another({ clock: hurriedClock }), await another({ clock: hurriedClock })]
    answering.agent.onInvite(takesAll(calls))
    const ours = asking.agent.dial({ target: answering.uri, sdp: anOffer(), headers: [['X-Test', '1']] })
    expect((await ours.outcome).answered).toBe(true)
    expect(calls[0]?.header('x-test')).toBe('1')
    await new Promise((resolve) => setTimeout(resolve, 2_500)) // 1,800 s of the interval pass in 1.8
    expect([ours.isEnded(), calls[0]?.isEnded()]).toEqual([false, false])
    ours.bye()
    await until(() => calls[0]?.isEnded() === true)
  })

  it('not while it is refreshed by re-INVITE, where the peer has no UPDATE, with the very media it has', async () => {
    const strict = await another({ clock: hurriedClock })
    strict.agent.onInvite(takesAll(calls))
    const headers = ['Supported: timer', 'Session-Expires: 90;refresher=uas']
    peer.send(aRequest({ to: strict.port, from: peer.port, callId: 'ours', headers, body: anOffer() }), strict.port)
    const toTag = toTagOf(await peer.next('SIP/2.0 200'))
    peer.send(aRequest({ method: 'ACK', to: strict.port, from: peer.port, callId: 'ours', toTag }), strict.port)
    const refresh = await peer.next('INVITE')
    expect(headerIn(refresh, 'Session-Expires')).toBe('90;refresher=uac')
    expect(refresh.slice(refresh.indexOf('v=0'))).toBe(anAnswer(calls[0]?.offer))
    const gone = okTo(refresh).replace('200 OK', '481 Gone')
    peer.send(gone, strict.port)
    await peer.next('ACK')
    await until(() => calls[0]?.isEnded() === true)
  })

  it('with our agent, which says goodbye first', async () => {
    const { ours, theirs } = await answered()
    const ends = [endOf(ours), endOf(theirs)]
    await hotline.agent.stop()
    await until(() => ends.every(({ ending }) => ending))
    expect(ends.map(({ ending }) => ending?.reason)).toEqual(['remote-bye', 'local-bye'])
  })

  it('and says so to who listens only afterwards', async () => {
    const { ours, theirs } = await answered()
    ours.bye()
    await until(() => ours.isEnded() && theirs.isEnded())
    const late = endOf(theirs)
    await until(() => late.told === 1)
  })
})

describe('the agent', () => {
  it('takes an INVITE that comes again for the same one, and by another way for a loop', async () => {
    const invite = aRequest({ to: hotline.port, from: peer.port, callId: 'again', body: anOffer() })
    for (let n = 0; n < 3; n++) peer.send(invite, hotline.port)
    const toTag = toTagOf(await peer.next('SIP/2.0 200'))
    peer.send(invite.replace('branch=z9hG4bK', 'branch=z9hG4bK-other'), hotline.port)
    await peer.next('SIP/2.0 482')
    expect(calls).toHaveLength(1)
    peer.send(aRequest({ method: 'ACK', to: hotline.port, from: peer.port, callId: 'again', toTag }), hotline.port)
    const bye = aRequest({ method: 'BYE', to: hotline.port, from: peer.port, callId: 'again', toTag, cseq: 2 })
    peer.send(bye, hotline.port)
    peer.send(bye, hotline.port)
    await until(() => peer.heard.filter((text) => /CSeq: 2 BYE/.test(text)).length === 2)
    peer.send(bye.replace('CSeq: 2', 'CSeq: 3').replace('2-BYE', '3-BYE'), hotline.port)
    await peer.next('SIP/2.0 481')
  })

  it('does not take an old number inside a call', async () => {
    const { toTag } = await peerCalls('old', { cseq: 10 })
    peer.send(
      aRequest({ method: 'ACK', to: hotline.port, from: peer.port, callId: 'old', toTag, cseq: 10 }),
      hotline.port,
    )
    peer.send(
      aRequest({ method: 'BYE', to: hotline.port, from: peer.port, callId: 'old', toTag, cseq: 9 }),
      hotline.port,
    )
    await peer.next('SIP/2.0 500')
    expect(calls[0]?.isEnded()).toBe(false)
    peer.send(
      aRequest({ method: 'BYE', to: hotline.port, from: peer.port, callId: 'old', toTag, cseq: 11 }),
      hotline.port,
    )
    await until(() => calls[0]?.isEnded() === true)
  })

  it('says 503 and when to come back, to calls and to OPTIONS, while it is full; calls that are up go on', async () => {
    let isFull = false
    const full = await another({ capacity: () => (isFull ? { retryAfterSeconds: 7 } : 'open') })
    full.agent.onInvite(takesAll(calls))
    const first = phone.agent.dial({ target: full.uri, sdp: anOffer() })
    expect((await first.outcome).answered).toBe(true)
    isFull = true
    peer.send(aRequest({ to: full.port, from: peer.port, body: anOffer() }), full.port)
    expect(headerIn(await peer.next('SIP/2.0 503'), 'Retry-After')).toBe('7')
    peer.send(aRequest({ method: 'OPTIONS', to: full.port, from: peer.port }), full.port)
    expect(headerIn(await peer.next('SIP/2.0 503'), 'Retry-After')).toBe('7')
    expect(await first.sendKey('1')).toBe(true)
    first.bye()
    await until(() => first.isEnded())
  })

  it.each([
    ['a codec it does not speak', 'm=audio 4000 RTP/AVP 18', 488],
    ['encrypted media', 'm=audio 4000 RTP/SAVP 8', 488],
    ['a broken description', 'm=audio four RTP/AVP 8', 400],
  ])('refuses %s', async (_what, line, status) => {
    const body = anOffer().replace(/m=audio.*/, line)
    peer.send(aRequest({ to: hotline.port, from: peer.port, body }), hotline.port)
    await peer.next(`SIP/2.0 ${status}`)
    expect(calls).toEqual([])
  })

  it('refuses too short a session interval and says how long it must be', async () => {
    const headers = ['Supported: timer', 'Session-Expires: 30']
    peer.send(aRequest({ to: hotline.port, from: peer.port, headers, body: anOffer() }), hotline.port)
    expect(headerIn(await peer.next('SIP/2.0 422'), 'Min-SE')).toBe('90')
  })

  it('does not fall when its user throws', async () => {
    const clumsy = await another({})
    clumsy.agent.onInvite(() => {
      throw new Error('clumsy')
    })
    peer.send(aRequest({ to: clumsy.port, from: peer.port, body: anOffer() }), clumsy.port)
    await peer.next('SIP/2.0 500')
    expect(clumsy.log.errors.splice(0)).toHaveLength(1)
  })

  it('answers a scanner nothing, and counts it', async () => {
    const headers = ['User-Agent: friendly-scanner']
    for (const method of ['OPTIONS', 'INVITE', 'REGISTER'])
      peer.send(aRequest({ method, to: hotline.port, from: peer.port, headers }), hotline.port)
    peer.send(aRequest({ method: 'OPTIONS', to: hotline.port, from: peer.port, callId: 'honest' }), hotline.port)
    await peer.next('SIP/2.0 200')
    expect(peer.heard).toEqual([])
    expect(hotline.agent.counters().scanners).toBe(3)
  })

  it.each(['MESSAGE', 'SUBSCRIBE', 'PUBLISH'])('has no %s for anybody', async (method) => {
    peer.send(aRequest({ method, to: hotline.port, from: peer.port }), hotline.port)
    expect(headerIn(await peer.next('SIP/2.0 405'), 'Allow')).toContain('INVITE')
  })

  it.each(['BYE', 'INFO', 'REFER', 'NOTIFY', 'UPDATE', 'CANCEL'])(
    'knows of no call for a %s out of the blue',
    async (method) => {
      peer.send(aRequest({ method, to: hotline.port, from: peer.port, toTag: 'made-up' }), hotline.port)
      await peer.next('SIP/2.0 481')
    },
  )
})

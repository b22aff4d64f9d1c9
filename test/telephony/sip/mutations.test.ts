/** Three thousand seeded mutations of honest and of tortured messages, over UDP and TCP, beside a call that is up. */
import { connect } from 'node:net'
import { expect, it } from 'vitest'
import type { IncomingCall } from '../../../telephony/sip/call.ts'
import { parseMessage } from '../../../telephony/sip/parser.ts'
import { readSdp } from '../../../telephony/sip/sdp.ts'
import { userAgent } from '../../../telephony/sip/user-agent.ts'
import { seeded } from '../../support/seeded.ts'
import { messagesToMutate, mutate } from './mutated.ts'
import { anAgent, anOffer, aPeer, aRequest, takesAll, until } from './peers.ts'

it(
  'lives through 3,000 mutated messages with a call up, and forgets every one of them',
  { timeout: 60_000 },
  async () => {
    const calls: IncomingCall[] = []
    const { agent, port, log } = await anAgent()
    agent.onInvite(takesAll(calls))
    const friend = await anAgent()
    const kept = friend.agent.dial({ target: `sip:hotline@127.0.0.1:${port}`, sdp: anOffer() })
    expect((await kept.outcome).answered).toBe(true)

    const peer = await aPeer()
    const below = seeded(4475)
    const seeds = messagesToMutate(port, peer.port)
    for (let n = 0; n < 3_000; n++) {
      const bytes = mutate(seeds[below(seeds.length)] ?? Buffer.alloc(0), below)
      if (n % 5 !== 0) peer.send(bytes, port)
      else {
        const socket = connect(port, '127.0.0.1')
        socket.on('error', () => undefined).resume()
        socket.end(bytes)
      }
      if (n % 20 === 0) await new Promise((resolve) => setTimeout(resolve, 2))
    }

    peer.send(aRequest({ method: 'OPTIONS', to: port, from: peer.port, callId: 'still-there' }), port)
    await until(() => peer.heard.some((text) => text.startsWith('SIP/2.0 200') && text.includes('still-there')))
    expect(log.errors).toEqual([])
    expect(kept.isEnded()).toBe(false)
    for (const call of calls) call.bye()
    await until(() => agent.openTransactions() === 0 && agent.openDialogs() === 0, 20_000)
    await Promise.all([agent.stop(), friend.agent.stop(), peer.close()])
  },
)

it('spends less than 20 ms of processor on the worst that 8 kB can hold', () => {
  const to = 5_060
  const audio = `m=audio 1 RTP/AVP${' 8'.repeat(400)}\r\n${`a=${'candidate:'.repeat(90)}\r\n`.repeat(6)}`
  const worst = [
    aRequest({ to, from: to }).replace(/^To: .*$/m, `To: a${' '.repeat(7_000)}x`),
    aRequest({ to, from: to }).replace(/^To: .*$/m, `To: ${'"\\'.repeat(1_900)}`),
    aRequest({ to, from: to }).replace(/^Contact: .*$/m, `Contact: ${'<sip:a@b>,'.repeat(390)}<sip:a@b>`),
    aRequest({ to, from: to, body: `v=0\r\no=- 1 1 IN IP4 1.1.1.1\r\nc=IN IP4 1.1.1.1\r\n${audio}` }),
    aRequest({ to, from: to, headers: Array.from({ length: 200 }, () => 'Via: SIP/2.0/UDP a;branch=b') }),
    'INVITE sip:a@b SIP/2.0' + '\r\n '.repeat(2_000),
  ].map((text) => Buffer.from(text))
  for (const bytes of worst) {
    const spentMs = Array.from({ length: 5 }, () => {
      const before = process.cpuUsage()
      const message = parseMessage(bytes)
      if (message.kind === 'request') readSdp(message.body)
      return process.cpuUsage(before).user / 1_000
    })
    expect(Math.min(...spentMs)).toBeLessThan(20)
  }
})

it('stays within its bounds under a flood of new calls, and a call that is up can still end', async () => {
  const calls: IncomingCall[] = []
  const { agent, port, log } = await anAgent({
    limits: { transactions: 60, dialogs: 60 },
    timings: { t1: 100, t2: 400, t4: 500 },
  })
  agent.onInvite(takesAll(calls))
  const friend = await anAgent()
  const kept = friend.agent.dial({ target: `sip:hotline@127.0.0.1:${port}`, sdp: anOffer() })
  await kept.outcome
  const peer = await aPeer()
  for (let n = 0; n < 300; n++) {
    peer.send(aRequest({ to: port, from: peer.port, body: anOffer(), callId: `flood-${n}` }), port)
    if (n % 20 === 0) await new Promise((resolve) => setTimeout(resolve, 5))
  }
  await until(() => peer.heard.some((text) => text.startsWith('SIP/2.0 503')))
  expect(agent.openTransactions()).toBeLessThanOrEqual(60)
  expect(agent.openDialogs()).toBeLessThanOrEqual(60)
  expect(agent.counters().overflow).toBeGreaterThan(100)
  let reason = ''
  kept.listen({ ended: (ending) => (reason = ending.reason) })
  kept.bye()
  await until(() => reason !== '')
  expect(reason).toBe('local-bye')
  expect(log.errors).toEqual([])
  await Promise.all([agent.stop(), friend.agent.stop(), peer.close()])
})

it('tells who starts it that its port is taken', async () => {
  const first = await anAgent()
  const { log } = first
  const second = userAgent({
    bind: { host: '127.0.0.1', port: first.port },
    users: () => undefined,
    trunks: [],
    anonymous: 'private',
    capacity: () => 'open',
    log,
  })
  await expect(second.start()).rejects.toMatchObject({ code: 'EADDRINUSE' })
  await first.agent.stop()
})

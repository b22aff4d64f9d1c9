/** A call through a proxy that records its route: every later request must come by it, both ways. */
import { createSocket } from 'node:dgram'
import { expect, it } from 'vitest'
import type { IncomingCall } from '../../../telephony/sip/call.ts'
import type { Header, Lines } from '../../../telephony/sip/message.ts'
import { parseMessage } from '../../../telephony/sip/parser.ts'
import { makeOffer } from '../../../telephony/sip/sdp.ts'
import { formatVia } from '../../../telephony/sip/via.ts'
import { newBranch, writeMessage } from '../../../telephony/sip/writer.ts'
import { anAgent, anAnswer, anOffer, media, until } from './peers.ts'

/** Passes requests on by their Route or their Request-URI, and answers by their Via. Keeps what it saw. */
async function aProxy(kind: 'loose' | 'strict') {
  const socket = createSocket('udp4')
  await new Promise<void>((bound) => socket.bind(0, '127.0.0.1', bound))
  const { port } = socket.address()
  const seen: string[] = []
  const own = `sip:127.0.0.1:${port}${kind === 'loose' ? ';lr' : ''}`
  const without = (headers: readonly Header[], name: string) => headers.filter((header) => header.name !== name)

  socket.on('message', (bytes, source) => {
    const message = parseMessage(bytes)
    if (message.kind === 'refusal') return
    if (message.kind === 'response') {
      const [, next, ...others] = message.vias
      if (!next) return
      seen.push(`${message.status} ${message.cseq.method}`)
      const vias = [next, ...others].map((via) => ({ name: 'via', value: formatVia(via) }))
      const to = Number(next.params.get('rport') || next.port || 5_060)
      return send({ ...message, headers: [...vias, ...without(message.headers, 'via')] }, to)
    }
    seen.push(`${message.method} ${message.cseq.number}`)
    const [top, ...under] = message.vias
    const received = { ...top, params: new Map([...top.params, ['rport', String(source.port)]]) }
    const mine = { transport: 'UDP', host: '127.0.0.1', port, params: new Map([['branch', newBranch()]]) }
    const vias = [mine, received, ...under].map((via) => ({ name: 'via', value: formatVia(via) }))
    let uri = message.uri
    const routes = message.routes.map((route) => route.uri.text)
    // To a strict proxy the sender wrote our own address as the Request-URI, and the target as the last Route.
    if (uri === own) uri = routes.pop() ?? uri
    else if (routes[0] === own) routes.shift()
    const recorded = message.method === 'INVITE' ? [{ name: 'record-route', value: `<${own}>` }] : []
    const rest = without(without(message.headers, 'via'), 'route')
    const to = Number(/@[^:]+:(\d+)/.exec(uri)?.[1] ?? 5_060)
    send({ ...message, uri, headers: [...vias, ...recorded, ...rest] }, to)
  })
  const send = (message: Lines, to: number) => socket.send(writeMessage(message), to, '127.0.0.1')
  return { port, seen, uri: own, close: () => new Promise<void>((closed) => socket.close(() => closed())) }
}

it.each(['loose', 'strict'] as const)('keeps to the recorded route of a %s proxy', async (kind) => {
  const proxy = await aProxy(kind)
  const hotline = await anAgent()
  const phone = await anAgent()
  const calls: IncomingCall[] = []
  hotline.agent.onInvite((call) => {
    calls.push(call)
    call.listen({ reinvited: (offer) => anAnswer(offer) })
    void call.accept(anAnswer(call.offer))
  })
  const ours = phone.agent.dial({ target: hotline.uri, sdp: anOffer(), through: proxy.uri })
  expect((await ours.outcome).answered).toBe(true)
  await until(() => proxy.seen.includes('ACK 1'))
  expect((await ours.reinvite(makeOffer(media(41_000, { version: 2 })))).accepted).toBe(true)
  expect(await calls[0]?.sendKey('7')).toBe(true)
  calls[0]?.bye()
  await until(() => ours.isEnded() && calls[0]?.isEnded() === true)
  const requests = new Set(proxy.seen.filter((one) => /^[A-Z]/.test(one)))
  expect([...requests]).toEqual(['INVITE 1', 'ACK 1', 'INVITE 2', 'ACK 2', 'INFO 1', 'BYE 2'])
  expect([...hotline.log.errors, ...phone.log.errors]).toEqual([])
  await Promise.all([hotline.agent.stop(), phone.agent.stop(), proxy.close()])
})

/**
 * The 49 messages of RFC 4475 (and the one that is only in its archive), over real sockets, each treated as
 * `expected.json` of the test data says: over UDP, over TCP whole, over TCP byte by byte, and all of them glued.
 */
import { existsSync, readdirSync, readFileSync } from 'node:fs'
import { connect } from 'node:net'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import type { IncomingCall } from '../../../telephony/sip/call.ts'
import { anAgent, aPeer, aRequest, headerIn, until } from './peers.ts'

const folder = join(import.meta.dirname, '../../../../shared/data/sip-torture/rfc4475')
const isThere = existsSync(folder)
if (!isThere) console.log('not run: RFC 4475 messages, ../shared/data/sip-torture/rfc4475 is not there')
const names = isThere
  ? readdirSync(folder)
      .filter((file) => file.endsWith('.dat'))
      .map((file) => file.slice(0, -4))
  : []
const bytesOf = (name: string) => readFileSync(join(folder, `${name}.dat`))

/**
 * The status each is answered with; 0 for silence. Challenged (401) are registrations, which always need a password,
 * and valid calls to somebody other than the hotline.
 */
const answers: Readonly<Record<string, number>> = {
  badaspec: 400,
  badbranch: 200,
  baddate: 401, // the Date is not looked at
  baddn: 400,
  badinv01: 400,
  badvers: 505,
  bcast: 0,
  bext01: 420,
  bigcode: 0,
  clerr: 400,
  cparam01: 401,
  cparam02: 401,
  dblreq: 401,
  esc01: 401,
  esc02: 501,
  escnull: 401,
  escruri: 400,
  insuf: 400,
  intmeth: 501,
  inv2543: 400,
  invut: 415,
  longreq: 401,
  ltgtruri: 400,
  lwsdisp: 200,
  lwsruri: 400,
  lwsstart: 400,
  mcl01: 400,
  mismatch01: 400,
  mismatch02: 400,
  mpart01: 405,
  multi01: 400,
  ncl: 400,
  noreason: 0,
  novelsc: 416,
  quotbal: 400,
  regaut01: 401,
  regbadct: 400,
  regescrt: 401,
  scalar02: 400,
  scalarlg: 0,
  sdp01: 406,
  semiuri: 200,
  test: 0,
  transports: 200,
  trws: 400,
  unkscm: 416,
  unksm2: 416,
  unreason: 0,
  wsinv: 481, // it has a To tag of a call nobody knows
  zeromf: 200,
}
const statusOf = (text: string) => Number(/^SIP\/2\.0 (\d{3}) /.exec(text)?.[1] ?? 0)
const answersIn = (stream: string) =>
  stream
    .split(/^(?=SIP\/2\.0 )/m)
    .filter((text) => text !== '' && !text.includes('behind-it'))
    .map(statusOf)

describe.skipIf(!isThere)('the messages of RFC 4475', () => {
  let other: Awaited<ReturnType<typeof anAgent>>
  const calls: IncomingCall[] = []
  beforeAll(async () => {
    other = await anAgent()
    other.agent.onInvite((call) => {
      calls.push(call)
      call.reject(486)
    })
  })
  afterAll(async () => {
    expect(calls).toEqual([])
    expect(other.log.errors).toEqual([])
    await until(() => other.agent.openTransactions() === 0)
    expect(other.agent.openDialogs()).toBe(0)
    await other.agent.stop()
  })

  it('are all here, and each has its answer', () => {
    expect(names.sort()).toEqual(Object.keys(answers).sort())
    expect(names).toHaveLength(50)
  })

  it.each(names)('%s over UDP', async (name) => {
    const peer = await aPeer()
    peer.send(bytesOf(name), other.port)
    // What is asked after it is answered after it: silence is then known without waiting.
    peer.send(aRequest({ method: 'OPTIONS', to: other.port, from: peer.port, callId: 'behind-it' }), other.port)
    await until(() => peer.heard.some((text) => text.includes('behind-it')))
    const heard = peer.heard.filter((text) => !text.includes('behind-it'))
    expect(heard.map(statusOf)).toEqual(answers[name] === 0 ? [] : [answers[name]])
    await peer.close()
  })

  async function overStream(bytes: Buffer, isSplit: boolean): Promise<number[]> {
    const socket = connect(other.port, '127.0.0.1')
    let heard = ''
    let isClosed = false
    socket.on('data', (piece) => (heard += piece.toString()))
    socket.on('error', () => undefined)
    socket.on('close', () => (isClosed = true))
    await new Promise((resolve) => socket.once('connect', resolve))
    socket.setNoDelay(true)
    const behind = aRequest({ method: 'OPTIONS', to: other.port, from: 5_060, callId: 'behind-it' })
    const isUnfinished = !bytes.includes('\r\n\r\n') // baddn: a datagram ends its head by ending
    const all = Buffer.concat([bytes, Buffer.from(isUnfinished ? '\r\n' : ''), Buffer.from(behind)])
    if (!isSplit) socket.write(all)
    for (const byte of isSplit ? all : []) {
      socket.write(Buffer.of(byte))
      await new Promise((resolve) => setImmediate(resolve))
    }
    await until(() => isClosed || heard.includes('behind-it'))
    socket.destroy()
    return answersIn(heard)
  }

  it.each(names)('%s over TCP, whole and byte by byte', async (name) => {
    // The second message of dblreq is a message of its own on a stream: an INVITE without a Contact.
    const expected = [answers[name] ?? 0, name === 'dblreq' ? 400 : 0].filter((status) => status > 0)
    expect(await overStream(bytesOf(name), false)).toEqual(expected)
    expect(await overStream(bytesOf(name), true)).toEqual(expected)
  })

  it('follow one another on one connection without harm to their neighbours', async () => {
    const whole = names.filter((name) => {
      const length = headerIn(bytesOf(name).toString('latin1'), '(?:Content-Length|[lL]) *')
      return /^\d+$/.test(length ?? '') && !['clerr', 'mcl01', 'dblreq', 'baddn', 'test'].includes(name)
    })
    expect(whole.length).toBeGreaterThan(30)
    const socket = connect(other.port, '127.0.0.1')
    let heard = ''
    socket.on('data', (piece) => (heard += piece.toString()))
    // Some of them say less than they hold; what is left over is cut off, or it would be the next message.
    const glued = whole.map((name) => cutToLength(bytesOf(name)))
    socket.write(Buffer.concat(glued))
    const expected = whole.map((name) => answers[name] ?? 0).filter((status) => status > 0)
    await until(() => answersIn(heard).length === expected.length)
    expect(answersIn(heard)).toEqual(expected)
    socket.destroy()
  })
})

function cutToLength(bytes: Buffer): Buffer {
  const text = bytes.toString('latin1')
  const length = Number(headerIn(text, '(?:Content-Length|[lL]) *'))
  const end = text.indexOf('\r\n\r\n') + 4 + length
  const missing = Math.max(0, end - bytes.length)
  return Buffer.concat([bytes.subarray(0, end), Buffer.alloc(missing, ' ')])
}

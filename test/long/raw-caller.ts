/**
 * A telephone without manners: one UDP port, any number of calls, and of the protocol only what it is told to keep.
 * It owes nothing to our own user agent.
 */
import { createSocket } from 'node:dgram'
import { aRequest, headerIn, toTagOf } from '../telephony/sip/peers.ts'

export type RawCaller = Awaited<ReturnType<typeof aRawCaller>>
export type RawCall = ReturnType<RawCaller['invite']>

/** What it answers requests with; undefined: it is silent. */
type Manners = (method: string) => number | undefined
type Invitation = { body: string; headers?: readonly string[]; manners?: Manners }

const host = '127.0.0.1'
const againMs = 500
const patienceMs = 30_000

/** @param to the SIP port that is rung. */
export async function aRawCaller(to: number) {
  const socket = createSocket({ type: 'udp4', recvBufferSize: 1 << 20 })
  const calls = new Map<string, (text: string) => void>()
  socket.on('message', (bytes) => {
    const text = bytes.toString()
    calls.get(headerIn(text, 'Call-ID') ?? '')?.(text)
  })
  await new Promise<void>((bound) => socket.bind(0, host, bound))
  const from = socket.address().port
  const send = (text: string) => socket.send(text, to, host)
  let made = 0

  return {
    invite({ body, headers = [], manners = () => 200 }: Invitation) {
      const callId = `raw-${from}-${++made}`
      const words = { to, from, callId, cseq: 1 }
      const heard: string[] = []
      let toTag = ''
      let cseq = 1
      let isOver = false
      let isAcked = false
      let goodbye = ''
      const invite = aRequest({ ...words, body, headers })
      /** What is lost on the way is said again. */
      const again = setInterval(() => {
        if (heard.length === 0) send(invite)
        if (goodbye && !heard.some(isTo('BYE'))) send(goodbye)
      }, againMs)
      const ack = () => send(aRequest({ ...words, method: 'ACK', toTag }))

      calls.set(callId, (text) => {
        heard.push(text)
        toTag ||= toTagOf(text)
        const [method = ''] = text.split(' ', 1)
        if (isAcked && isTo('INVITE')(text) && statusOf(text) === 200) ack()
        if (method.startsWith('SIP/2.0')) return
        if (method === 'BYE') isOver = true
        const status = method === 'ACK' ? undefined : manners(method)
        if (status !== undefined) send(answerTo(text, status))
      })
      send(invite)

      async function final(): Promise<number> {
        const status = await found(
          () =>
            heard
              .filter(isTo('INVITE'))
              .map(statusOf)
              .find((one) => one >= 200),
          'a final answer',
        )
        if (status >= 300) send(aRequest({ ...words, method: 'ACK', toTag, branch: branchOf(invite) }))
        return status
      }

      return {
        id: callId,
        final,
        ack(): void {
          isAcked = true
          ack()
        },
        cancel: () => send(aRequest({ ...words, method: 'CANCEL', branch: branchOf(invite) })),
        /** Resolves when it was heard. */
        async bye(): Promise<void> {
          goodbye = aRequest({ ...words, method: 'BYE', toTag, cseq: ++cseq })
          send(goodbye)
          await found(() => heard.some(isTo('BYE')), 'the answer to our BYE')
        },
        /** The other side said goodbye. */
        over: () => found(() => isOver, 'their BYE'),
        forget(): void {
          clearInterval(again)
          calls.delete(callId)
        },
      }
    },

    close: () => new Promise<void>((closed) => socket.close(() => closed())),
  }
}

/** An answer to a request of ours. */
const isTo = (method: string) => (text: string) => statusOf(text) > 0 && !!headerIn(text, 'CSeq')?.endsWith(method)
const statusOf = (text: string) => Number(/^SIP\/2\.0 (\d{3}) /.exec(text)?.[1] ?? 0)
const branchOf = (request: string) => /;branch=([^;\r\n]+)/.exec(request)?.[1] ?? ''

function answerTo(request: string, status: number): string {
  const kept = request.split('\r\n').filter((line) => /^(Via|From|To|Call-ID|CSeq|Record-Route):/i.test(line))
  return [`SIP/2.0 ${status} So be it`, ...kept, 'Content-Length: 0', '', ''].join('\r\n')
}

async function found<T>(look: () => T | undefined | false, what: string): Promise<T> {
  const end = Date.now() + patienceMs
  for (;;) {
    const seen = look()
    if (seen) return seen
    if (Date.now() > end) throw new Error(`never came: ${what}`)
    await new Promise((resolve) => setTimeout(resolve, 10))
  }
}

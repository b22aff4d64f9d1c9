/** REFER both ways and the NOTIFYs that tell how it went (RFC 3515). One outgoing REFER at a time. */
import { cursorOn } from './cursor.ts'
import { headerOf, type Request } from './message.ts'
import { partyOf, type ReferOutcome, type ReferProgress } from './call.ts'
import type { CallEvents } from './call-events.ts'
import type { Leg } from './leg.ts'
import { takeNameAddr } from './name-addr.ts'
import type { Clock } from './clock.ts'
import type { ServerTransaction } from './server-transactions.ts'
import { parseUri } from './uri.ts'

type Parts = { clock: Clock; leg: Leg; events: CallEvents; isUp: () => boolean }

const decideMs = 10_000

export function transfers({ clock, leg, events, isUp }: Parts) {
  let progressed: ((progress: ReferProgress) => void) | undefined

  async function refer(target: string, listener?: (progress: ReferProgress) => void): Promise<ReferOutcome> {
    if (!parseUri(target)) throw new TypeError('REFER to what is no URI')
    if (!isUp() || progressed) return { accepted: false, status: 491 }
    progressed = listener ?? (() => undefined)
    const outcome = await leg.ask('REFER', {
      headers: [
        ['refer-to', `<${target}>`],
        ['referred-by', leg.contact],
      ],
    })
    const status = outcome.is === 'answered' ? outcome.response.status : 408
    const accepted = status < 300
    if (!accepted) progressed = undefined
    return { accepted, status }
  }

  function notified(request: Request, transaction: ServerTransaction): void {
    const event = (headerOf(request, 'event') ?? '').split(';', 1)[0]?.trim().toLowerCase()
    if (event !== 'refer') return transaction.answer({ status: 489 })
    if (!progressed) return transaction.answer({ status: 481 })
    transaction.answer({ status: 200 })
    const [version = '', code = '', ...text] = (request.body.toString('utf8').split(/\r?\n/, 1)[0] ?? '').split(' ')
    const status = version === 'SIP/2.0' && /^[1-6]\d\d$/.test(code) ? Number(code) : 0
    const isOver = /^\s*terminated/i.test(headerOf(request, 'subscription-state') ?? '')
    const isFinal = status >= 200 || isOver
    const tell = progressed
    if (isFinal) progressed = undefined
    tell({ status, text: text.join(' ').slice(0, 200), isFinal })
  }

  function referred(request: Request, transaction: ServerTransaction): void {
    const target = takeNameAddr(cursorOn(headerOf(request, 'refer-to') ?? ''))
    if (!target) return transaction.answer({ status: 400, reason: 'Refer-To' })
    if (!events.takesReferrals()) return transaction.answer({ status: 603 })
    const disarm = clock.after(decideMs, () => transaction.answer({ status: 603 }))
    const report = reporter(request.cseq.number)
    events.referred({
      target: partyOf(target),
      replaces: target.uri.kind === 'sip' ? replacesIn(target.uri.headers) : undefined,
      accept() {
        disarm()
        if (transaction.status() < 200) {
          transaction.answer({ status: 202, headers: [['contact', leg.contact]] })
          report(100, 'Trying')
        }
        return { report }
      },
      decline(status = 603) {
        disarm()
        transaction.answer({ status })
      },
    })
  }

  function reporter(number: number) {
    let isOver = false
    return (status: number, text: string): void => {
      if (isOver || !isUp()) return
      isOver = status >= 200
      const state = isOver ? 'terminated;reason=noresource' : 'active;expires=60'
      void leg.ask('NOTIFY', {
        headers: [
          ['event', `refer;id=${number}`],
          ['subscription-state', state],
        ],
        type: 'message/sipfrag;version=2.0',
        body: `SIP/2.0 ${status} ${text.replace(/[\r\n]/g, ' ')}\r\n`,
      })
    }
  }

  return { refer, notified, referred }
}

function replacesIn(headers: string): string | undefined {
  const member = headers.split('&').find((one) => one.toLowerCase().startsWith('replaces='))
  try {
    return member && decodeURIComponent(member.slice('replaces='.length))
  } catch {
    return undefined
  }
}

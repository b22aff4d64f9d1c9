/**
 * The desk phones of agents: rung when the server says so, bound to the caller's call while they have it.
 *
 * Invariant: a call is at one desk phone and a desk phone has one call. Whatever takes the call elsewhere, another
 * agent, a console, the bot or the caller's goodbye, ends the desk phone's part; the server is told of every change.
 */
import type { HandsetTold, HandsetWhy } from '../../contract/handset.ts'
import type { PhoneNews } from '../../contract/phone-events.ts'
import type { HotlineLink } from '../hotline-link.ts'
import type { UserAgent } from '../sip/user-agent.ts'
import { handsetCall, type HandsetCall, type HandsetParts } from './handset-call.ts'

type Parts = HandsetParts & {
  agent: Pick<UserAgent, 'isReachable'>
  link: Pick<HotlineLink, 'on' | 'ask' | 'legs'>
}
type Ring = Parameters<PhoneNews['handset:ring']>[0]
type Taken = {
  extension: string
  agentNumber: string
  call: HandsetCall
  since: string
  isHeldAtConsole: boolean
}
export type Handsets = ReturnType<typeof handsets>

export function handsets(parts: Parts) {
  const { agent, link, now, log } = parts
  /** By conversation. */
  const taken = new Map<string, Taken>()

  function tell(told: HandsetTold): void {
    link.ask('handset:tell', told).catch((error: unknown) => {
      log.warn({ err: error, state: told.state }, 'the server was not told of a desk phone')
    })
  }
  const down = (conversationId: string, why: HandsetWhy) => tell({ conversationId, state: 'down', why })
  const putDown = (conversationId: string) => taken.get(conversationId)?.call.putDown()

  function ring({ conversationId, extension, agentNumber, shown }: Ring): void {
    putDown(conversationId)
    if ([...taken.values()].some((other) => other.extension === extension)) return down(conversationId, 'busy')
    if (!agent.isReachable(extension)) return down(conversationId, 'unregistered')
    const bound = link.legs.bind(conversationId, {
      send: (alaw) => call.send(alaw),
      close: () => call.putDown(),
    })
    if (!bound) return down(conversationId, 'put-down')
    const call: HandsetCall = handsetCall(
      parts,
      { extension, shown },
      {
        rang: () => tell({ conversationId, state: 'ringing' }),
        answered() {
          const mine = taken.get(conversationId)
          if (mine) mine.since = now().toISOString()
          tell({ conversationId, state: 'talking' })
        },
        held: (on) => tell({ conversationId, state: on ? 'held' : 'resumed' }),
        heard: (alaw) => bound.hear(alaw),
        over(why) {
          bound.release()
          if (taken.get(conversationId)?.call === call) taken.delete(conversationId)
          down(conversationId, why)
        },
      },
    )
    taken.set(conversationId, { extension, agentNumber, call, since: now().toISOString(), isHeldAtConsole: false })
  }

  link.on('handset:ring', ring)
  link.on('handset:look', ({ extension }, found) => {
    const [on] = [...taken].filter(([, one]) => one.extension === extension)
    const isRegistered = agent.isReachable(extension)
    if (!on) return found({ isRegistered })
    const [conversationId, { call, since, isHeldAtConsole }] = on
    const state = call.state()
    if (state === 'talking' && isHeldAtConsole)
      return found({ isRegistered, on: { conversationId, state: 'held', since, heldAt: 'console' } })
    found({ isRegistered, on: { conversationId, state, since, heldAt: state === 'held' ? 'handset' : undefined } })
  })
  link.on('audio:opened', ({ conversationId, by }) => {
    if (by !== 'handset') putDown(conversationId)
  })
  link.on('call:hold', ({ conversationId, on, by }) => {
    const held = taken.get(conversationId)
    if (held && by !== 'handset') held.isHeldAtConsole = on
  })
  link.on('audio:closed', ({ conversationId }) => putDown(conversationId))
  link.on('conversation:standing', ({ conversationId, state, agentNumber }) => {
    if (state !== 'agent' || taken.get(conversationId)?.agentNumber !== agentNumber) putDown(conversationId)
  })

  return {
    /** A desk phone came or went: whoever watches looks again. */
    changed(): void {
      link.ask('handset:changed', {}).catch(() => undefined) // consoles look again by themselves
    },
    /** Ringing or talking. */
    count: () => taken.size,
  }
}

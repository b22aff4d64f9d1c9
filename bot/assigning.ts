/**
 * Gives those who wait to agents with room, the oldest first (desk/assignment.ts says who to whom). Asked after every
 * commit that may free a place, and by a sweep; each gift is made anew under the conversation's lock, so a look that
 * was too old gives nothing.
 */
import { Problem, type ProblemCode } from '../contract/problem.ts'
import { lookWithinSeconds, type Capacity, type MyPresence } from '../contract/queue.ts'
import type { Actor } from '../contract/staff.ts'
import { assign, type SeatNow, type Waiter } from '../desk/assignment.ts'
import { handoversStore, type Waiting } from '../desk/handovers.store.ts'
import { presenceStore, type Presence } from '../desk/presence.store.ts'
import { skillsStore } from '../desk/skills.store.ts'
import { conversationsStore } from './conversations.store.ts'
import type { OpenLines } from './open-lines.ts'
import type { Seat } from './seat.ts'
import type { Db } from './tables.ts'
import { turnsStore } from './turns.store.ts'

/** A console that was silent for longer is given nobody. */
const seenWithinMs = 30_000
const idleLookMs = 24 * 3_600_000

export type Given = { conversationId: string; staffId: string; isCall: boolean }
type Parts = {
  db: Db
  lines: OpenLines
  seat: Seat
  now: () => Date
  /** Whether the queue gives at all: where agents take by themselves it does not. */
  gives: () => Promise<boolean>
  given: (given: Given) => void
  /** Told to every console of that agent. */
  presenceChanged: (staffId: string, presence: MyPresence) => void
}

export type Assigning = ReturnType<typeof assigning>

export function assigning({ db, lines, seat, now, gives, given, presenceChanged }: Parts) {
  /** One look at a time: what comes meanwhile is seen by the next, which begins when this one is through. */
  let looking: Promise<unknown> | undefined
  let again = false

  async function lookUntilStill(): Promise<void> {
    try {
      do {
        again = false
        await look()
      } while (again)
    } finally {
      looking = undefined
    }
  }

  async function look(): Promise<void> {
    const waiting = await handoversStore(db).waitingList()
    if (waiting.length === 0 || !(await gives())) return
    const present = await presenceStore(db).list()
    const numbers = new Map(present.map(({ staffId, workNumber }) => [staffId, workNumber]))
    const waiters = await waitersOf(waiting)
    for (const { conversationId, staffId } of assign(waiters, await seats(present), now())) {
      const agent: Actor = { staffId, name: '', workNumber: numbers.get(staffId) ?? '', roles: ['agent'] }
      if (!(await give(conversationId, agent))) continue
      const isCall = waiters.some((one) => one.conversationId === conversationId && one.channel === 'phone')
      given({ conversationId, staffId, isCall })
    }
  }

  async function give(conversationId: string, agent: Actor): Promise<boolean> {
    try {
      await seat.claim(conversationId, agent, 'queue')
      return true
    } catch (error) {
      if (error instanceof Problem && foreseen.includes(error.code)) return false
      throw error
    }
  }

  async function waitersOf(waiting: readonly Waiting[]): Promise<Waiter[]> {
    const found = await conversationsStore(db).withIds(waiting.map(({ conversationId }) => conversationId))
    const byId = new Map(found.map((one) => [one.id, one]))
    return waiting.flatMap(({ conversationId, askedAt, skillId, region: wanted, lastAgentId, reason }): Waiter[] => {
      const conversation = byId.get(conversationId)
      if (conversation?.state !== 'waiting') return []
      const { channel } = conversation
      const region = wanted ?? conversation.region
      const isGivenUp = reason === 'transfer' || reason === 'agent_gone'
      const known = isGivenUp ? { givenUpBy: lastAgentId } : { lastAgentId }
      return [{ conversationId, askedAt, channel, region, skillId, ...known }]
    })
  }

  async function seats(present: readonly Presence[]): Promise<SeatNow[]> {
    const { seats: own, everybody } = await skillsStore(db).view()
    const lastClaims = await handoversStore(db).lastClaims(new Date(now().getTime() - idleLookMs))
    const held = new Map<string, Capacity>()
    for (const { agentId, channel } of await conversationsStore(db).heldByEach()) {
      const so = held.get(agentId) ?? { phone: 0, web: 0, wechat: 0 }
      // A call that is over counts as well: its 小结 is written before the next one comes.
      held.set(agentId, { ...so, [channel]: so[channel] + 1 })
    }
    return present.map(({ staffId, state: set, since, seenAt }) => {
      const state = now().getTime() - seenAt.getTime() > seenWithinMs ? 'offline' : set
      const mine = own.find((one) => one.staffId === staffId)
      return {
        ...{ staffId, state, skills: mine?.skills ?? [], regions: mine?.regions ?? [] },
        capacity: mine?.capacity ?? everybody,
        held: held.get(staffId) ?? { phone: 0, web: 0, wechat: 0 },
        idleSince: lastClaims.get(staffId) ?? since,
      }
    })
  }

  return {
    /** @returns when a look that began after this call is over. */
    async look(): Promise<void> {
      if (looking) {
        again = true
        await looking
        return
      }
      looking = lookUntilStill()
      await looking
    },

    /** What nobody looked at goes back to the queue, and whoever it was given to counts as busy. @returns how many. */
    async takeBackUnseen(): Promise<number> {
      const unseen = await handoversStore(db).notTakenUp(new Date(now().getTime() - lookWithinSeconds * 1_000))
      let returned = 0
      for (const { conversationId, staffId, claimedAt } of unseen) {
        const isUnseen = await lines.hold(conversationId, async (talk) => {
          await handoversStore(talk.tx).takenUp(conversationId, staffId, talk.now)
          const spoke = await turnsStore(talk.tx).lastBy(conversationId, 'agent')
          const hasSpoken = spoke !== undefined && Date.parse(spoke.saidAt) >= claimedAt.getTime()
          return talk.conversation.agentId === staffId && !hasSpoken
        })
        if (!isUnseen) continue
        const aside = await presenceStore(db).setAside(staffId, now())
        if (aside) presenceChanged(staffId, aside)
        await seat.returnAll(staffId, [conversationId])
        returned++
      }
      return returned
    },
  }
}

const foreseen: readonly ProblemCode[] = ['already_claimed', 'at_capacity', 'conversation_closed', 'not_found']

/**
 * From the bot to a person, and back out of the queue. The one rule: nobody is stranded. With nobody at a desk who takes
 * their channel the citizen is asked for a number to be called back on, at once.
 */
import type { ShiftView } from '../contract/shift.ts'
import { handoversStore } from '../desk/handovers.store.ts'
import type { Place } from '../desk/queue.ts'
import type { HandoverReason } from '../desk/tables.ts'
import { owedSince } from './answer-owed.ts'
import { answersOwedStore } from './answers-owed.store.ts'
import { dialogStatesStore } from './dialog-states.store.ts'
import { isOpenIn } from './dialogs/open-dialog.ts'
import type { Dialogs } from './dialogs/script.ts'
import type { DutyCalls } from './escalation.ts'
import { missedPersonsStore } from './missed-persons.store.ts'
import { lineTakerOf, type ChatLines } from './line-taker.ts'
import type { Talk } from './open-lines.ts'
import { placing } from './placing.ts'
import { placesNow } from './queue-pace.ts'
import { isStaffed } from './staffing.ts'
import { botTakes, endEpisode, moveTo, setMisses } from './standing.ts'
import { wording } from './wording.ts'

export type HandOver = ReturnType<typeof handOvers>

/** @param chatLines the hours of those who write; without them people are there whenever they are at their desks. */
export function handOvers(dialogs: Dialogs, duty: DutyCalls, chatLines?: ChatLines) {
  return {
    /** @param alone what has to be said first where nobody is on duty, beside what an open complaint needs. */
    async toPerson(
      talk: Talk,
      reason: HandoverReason,
      note?: string,
      alone?: string,
    ): Promise<'queued' | 'callback' | 'already'> {
      const { tx, conversation } = talk
      if (conversation.state === 'waiting' || conversation.state === 'agent') return 'already'
      if (reason === 'urgent') await talk.line.say({ text: wording.urgentHint })
      const isOpen =
        reason === 'urgent' || !chatLines || (await lineTakerOf(chatLines, talk))?.mayPassToPerson !== false
      const isTaken = isOpen && (await isStaffed(tx, conversation.channel))
      const onDuty = isTaken || reason !== 'urgent' ? [] : await duty.there(tx, talk.now)
      if (!isTaken && onDuty.length === 0) {
        const unfiled = isOpenIn(await dialogStatesStore(tx).find(conversation.id), 'complaint')
        if (alone || unfiled) await talk.line.say({ text: alone ?? wording.complaintUnfiled })
        await missedPersonsStore(tx).keep(conversation.id, reason, talk.now)
        await offerCallback(talk, isOpen ? wording.nobodyThere : wording.notNow)
        return 'callback'
      }
      await endEpisode(talk, 'handover')
      await queue(talk, reason, note)
      await setMisses(talk, 0)
      const { place, range } = (await placeOf(talk)) ?? { place: 1 }
      const isTold = !isTaken && (await callDuty(talk, onDuty))
      const words = isTold ? wording.dutyTold : wording.handedOver[reason] + wording.place(place, range)
      await talk.line.say({ text: words }, { speaker: 'system' })
      return 'queued'
    },

    /** The agent is gone: back to the front where the citizen waits for an answer, else into line; and they are told. */
    async backToQueue(talk: Talk): Promise<void> {
      const [held] = await answersOwedStore(talk.tx).held(talk.conversation.id)
      const isOwed = held === undefined || owedSince(held) !== undefined
      await endEpisode(talk, 'agent_gone')
      await queue(talk, 'agent_gone', undefined, isOwed)
      await talk.line.say({ text: isOwed ? wording.handedOver.agent_gone : wording.agentLeft }, { speaker: 'system' })
    },

    /** A caller rang again and the agent who has the conversation did not take it up. */
    async notTakenUp(talk: Talk): Promise<'queued' | 'callback' | 'already'> {
      if (talk.conversation.state !== 'agent') return 'already'
      await endEpisode(talk, 'agent_gone')
      if (await isStaffed(talk.tx, talk.conversation.channel)) {
        await queue(talk, 'agent_gone')
        await talk.line.say({ text: wording.notTakenUp }, { speaker: 'system' })
        return 'queued'
      }
      await botTakes(talk)
      talk.tell({ kind: 'queue' })
      await offerCallback(talk)
      return 'callback'
    },

    /** What somebody says while they wait may put them forward. */
    async heardWaiting(talk: Talk): Promise<void> {
      const store = handoversStore(talk.tx)
      const waiting = await store.find(talk.conversation.id)
      if (!waiting) return
      const { reason, note, lastAgentId, flags } = waiting
      const isGivenUp = reason === 'transfer' || reason === 'agent_gone'
      const asked = await placing(talk, { reason, note, ...(isGivenUp && { givenUpBy: lastAgentId }) })
      await store.ask(asked, talk.now)
      if (asked.flags?.some((flag) => !flags.includes(flag))) talk.tell({ kind: 'queue' })
    },

    async leaveQueue(talk: Talk): Promise<void> {
      if (talk.conversation.state !== 'waiting') return
      await handoversStore(talk.tx).leave(talk.conversation.id, talk.now)
      await botTakes(talk)
      talk.tell({ kind: 'queue' })
      await talk.line.say({ text: wording.leftQueue })
    },

    /** Nobody takes conversations any more: out of the queue, and at once asked for a number to be called back on. */
    async giveUpWaiting(talk: Talk): Promise<void> {
      if (talk.conversation.state !== 'waiting') return
      await handoversStore(talk.tx).leave(talk.conversation.id, talk.now)
      await botTakes(talk)
      talk.tell({ kind: 'queue' })
      await offerCallback(talk)
    },
  }

  async function offerCallback(talk: Talk, why: string = wording.nobodyThere): Promise<void> {
    try {
      const begun = await dialogs.begin('callback', {}, talk.now)
      await talk.line.say({ text: why })
      for (const saying of begun.said) await talk.line.say(saying)
      await dialogStatesStore(talk.tx).keep(talk.conversation.id, begun.state, talk.now)
    } catch {
      // The dialog engine itself may be what failed: the form beside the conversation still takes a number.
      await talk.line.say({ text: wording.nobodyPlain })
    }
    await setMisses(talk, 0)
  }

  /** Told in the transaction in which the citizen is told so. */
  async function callDuty(talk: Talk, onDuty: readonly ShiftView[]): Promise<boolean> {
    const waiting = await handoversStore(talk.tx).find(talk.conversation.id)
    const called = waiting && (await duty.call(talk.tx, waiting, onDuty, false, talk.now))
    if (called) talk.tell({ kind: 'duty-called', ...called })
    return called !== undefined
  }

  async function queue(talk: Talk, reason: HandoverReason, note?: string, isOwed = true) {
    const givenUpBy = talk.conversation.agentId
    await handoversStore(talk.tx).ask({ ...(await placing(talk, { reason, note, givenUpBy })), isOwed }, talk.now)
    await moveTo(talk, 'waiting')
    talk.tell({ kind: 'queue' })
  }
}

/** @returns undefined for somebody who is not in the queue any more. */
async function placeOf({ tx, conversation, now }: Talk): Promise<Place | undefined> {
  return (await placesNow(tx, now)).find((one) => one.conversationId === conversation.id)
}

/**
 * One customer turn in; who answers it, and what is said back. Read this file to know the flow.
 *
 * Channels call `receive`; nothing below this file knows which channel it serves. A turn is kept before it is
 * answered, in the same transaction: acknowledged means durable, and the same client id twice is one turn.
 */
import type { Turn } from '../contract/turn.ts'
import type { HandoverReason } from '../desk/tables.ts'
import { keepContext, type Answers } from './asking.ts'
import type { Closing } from './closing.ts'
import { continuesWithinMs } from './conversation.ts'
import { dialogStatesStore } from './dialog-states.store.ts'
import type { DialogName, DialogOptions, Dialogs, DialogState, Outcome } from './dialogs/script.ts'
import { enquiries } from './enquiry.ts'
import { episodesStore } from './episodes.store.ts'
import type { HandOver } from './hand-over.ts'
import { hear, type Heard } from './heard.store.ts'
import { lineTakerOf, type ChatLines } from './line-taker.ts'
import type { Intent } from './intent/intent-names.ts'
import { intentByWords } from './intent/intents.ts'
import type { Alongside, OpenLines, Talk } from './open-lines.ts'
import type { Paperwork } from './paperwork.ts'
import { servedAnswersStore } from './served-answers.store.ts'
import { isStaffed } from './staffing.ts'
import { botTakes, setMisses } from './standing.ts'
import { turnsStore } from './turns.store.ts'
import { wording } from './wording.ts'

type Parts = {
  lines: OpenLines
  answers: () => Answers
  recognise: (text: string) => Promise<Intent | undefined>
  dialogs: Dialogs
  handOver: HandOver
  closing: Closing
  paperwork: Paperwork
  /** The hours of those who write; without them the bot is always first. */
  chatLines?: ChatLines
}

const answerWithinMs = 8_000

export type Switchboard = ReturnType<typeof switchboard>

export function switchboard(parts: Parts) {
  const { lines, answers, recognise, dialogs, handOver, closing, paperwork, chatLines } = parts
  const enquiry = enquiries({ answers, handOver })
  return {
    /**
     * @returns the number under which the turn was kept, also when it came before; and whether something that they once
     * asked in vain has an answer by now, which comes behind this one.
     * @param alongside done with what is said to a new turn, where nothing comes behind it
     */
    receive(turn: Turn, alongside?: Alongside): Promise<{ seq: number; isAnyAnswered: boolean }> {
      const keptAnd = (answer: (talk: Talk, heard: Heard) => Promise<void>) => async (talk: Talk) => {
        const heard = await keepTurn(talk, turn, { endsOffer: true })
        const { isNew, isAnyAnswered } = heard
        if (isNew) await answer(talk, heard)
        await keepContext(talk)
        if (isNew && !isAnyAnswered) await alongside?.(talk.tx, talk.said)
        return { seq: heard.turn.seq, isAnyAnswered }
      }
      return lines.attempt(turn.conversationId, answerWithinMs, keptAnd(respond), keptAnd(strandNobody))
    },

    /** The citizen said whether a served answer helped; a second miss in a row leads to a person. */
    judge(conversationId: string, seq: number, solved: boolean): Promise<void> {
      return lines.hold(conversationId, async (talk) => {
        const wasServed = await servedAnswersStore(talk.tx).judge(conversationId, seq, solved)
        if (!wasServed || talk.conversation.state !== 'bot') return
        if (!solved) return void (await enquiry.miss(talk, wording.notHelped))
        await setMisses(talk, 0)
        await talk.line.say({ text: wording.helped })
      })
    },
  }

  async function respond(talk: Talk, { turn: { text }, dialog }: Heard): Promise<void> {
    if (await paperwork.heedOptWord(talk, text)) return
    if (talk.conversation.state === 'agent') return
    if (talk.conversation.state === 'waiting') return whileWaiting(talk, text)
    const isFirst = talk.conversation.lastSeq === 1 || talk.conversation.state === 'closed'
    const isBack = talk.conversation.state === 'closed' && (await comesBackToDesk(talk))

    const guess = await recognise(text)
    const intent = guess && !intentByWords(text) && enquiry.isPlain(text) ? undefined : guess
    if (dialog && (await inDialog(talk, dialog, text, intent))) return
    if (talk.conversation.state === 'closed') {
      if (intent?.name === 'thanks' || intent?.name === 'goodbye')
        return void (await talk.line.say({ text: wording.thanks }))
      await botTakes(talk)
    }
    if (isFirst && intent?.name !== 'urgent' && (isBack || (await goesToPerson(talk)))) return hand(talk, 'asked')
    if (intent?.score !== 1 && (await paperwork.tellProgress(talk, text))) return
    if (await enquiry.pickFromOffer(talk, text, intent)) return
    if (intent) return act(talk, text, intent)
    await enquiry.answer(talk, text)
  }

  /** A line that is a person's first, and somebody at a desk who takes it; else the bot goes on as everywhere. */
  async function goesToPerson(talk: Talk): Promise<boolean> {
    return chatLines !== undefined && (await lineTakerOf(chatLines, talk))?.taker === 'person'
  }

  /** Let go for their silence a moment ago: they go on with whoever they talked with, if anybody is there. */
  async function comesBackToDesk({ tx, conversation, now }: Talk): Promise<boolean> {
    const since = new Date(now.getTime() - continuesWithinMs)
    if (!(await episodesStore(tx).fellSilentAtDesk(conversation.id, since))) return false
    return isStaffed(tx, conversation.channel)
  }

  async function act(talk: Talk, text: string, intent: Intent): Promise<void> {
    switch (intent.name) {
      case 'ask_person':
        return hand(talk, 'asked')
      case 'urgent':
        return hand(talk, 'urgent', text.slice(0, 200))
      case 'angry':
        return hand(talk, 'urgent', '情绪激动')
      case 'complain':
        // "怎么投诉医院乱收费" is a question with an approved answer; only a guess of the model gives way to it.
        return intent.score < 1 && (await enquiry.answered(talk, text)) ? undefined : begin(talk, 'complaint', {})
      case 'rate':
        return closing.end(talk, 'citizen', wording.ended)
      case 'goodbye':
        return closing.end(talk, 'goodbye', wording.goodbye)
      case 'repeat':
        return repeat(talk)
      case 'greeting':
        return void (await talk.line.say({ text: wording.greeting }))
      case 'thanks':
        return void (await talk.line.say({ text: wording.thanks }))
      case 'yes':
        return void (await talk.line.say({ text: wording.whatElse }))
      case 'no':
        return void (await enquiry.miss(talk, wording.noneOfThese))
      case 'question':
        return enquiry.answer(talk, text)
    }
  }

  /** @returns true when the open dialog took the words. */
  async function inDialog(talk: Talk, state: DialogState, text: string, intent: Intent | undefined): Promise<boolean> {
    const turn = await dialogs.hear(state, { text, intent: intent?.name, now: talk.now })
    await dialogStatesStore(talk.tx).keep(talk.conversation.id, turn.state, talk.now)
    for (const saying of turn.said) await talk.line.say(saying)
    if (turn.outcome?.kind === 'left') return false
    if (turn.outcome) await settle(talk, turn.outcome)
    return true
  }

  async function settle(talk: Talk, outcome: Exclude<Outcome, { kind: 'left' }>): Promise<void> {
    switch (outcome.kind) {
      case 'complaint':
        return void (await paperwork.fileComplaint(talk, outcome))
      case 'callback':
        return void (await paperwork.bookCallback(talk, outcome))
      case 'rating':
        return void (await paperwork.giveRating(talk, outcome.ratingId, outcome, 'words'))
      case 'person':
        if (talk.conversation.state === 'closed') await botTakes(talk)
        return void (await handOver.toPerson(talk, 'asked', undefined, outcome.unfiled && wording.complaintUnfiled))
      case 'cancelled':
        return
    }
  }

  async function begin<N extends DialogName>(talk: Talk, name: N, options: DialogOptions[N]): Promise<void> {
    const begun = await dialogs.begin(name, options, talk.now)
    for (const saying of begun.said) await talk.line.say(saying)
    await dialogStatesStore(talk.tx).keep(talk.conversation.id, begun.state, talk.now)
  }

  async function repeat(talk: Talk): Promise<void> {
    const last = await turnsStore(talk.tx).lastBy(talk.conversation.id, 'bot')
    if (!last) return void (await talk.line.say({ text: wording.nothingToRepeat }))
    const { text, spoken, sources, choices, answer } = last
    await talk.line.say({ text, spoken, sources, choices, answer })
  }

  async function whileWaiting(talk: Talk, text: string): Promise<void> {
    if (/^(取消(排队)?|不(等|排)了?|算了)[。.！!]?$/.test(text)) return handOver.leaveQueue(talk)
    await handOver.heardWaiting(talk)
    await talk.line.say({ text: wording.waiting }, { speaker: 'system' })
  }

  async function strandNobody(talk: Talk): Promise<void> {
    if (talk.conversation.state === 'closed') await botTakes(talk)
    // What failed may be the open dialog itself; kept, it would fail at the next turn again.
    await dialogStatesStore(talk.tx).keep(talk.conversation.id, undefined, talk.now)
    await handOver.toPerson(talk, 'bot_failed')
  }

  async function hand(talk: Talk, reason: HandoverReason, note?: string): Promise<void> {
    await handOver.toPerson(talk, reason, note)
  }
}

/** In the conversation that is held; what it is about is known from here on. `endsOffer`: what was offered is taken now, or let go. */
export async function keepTurn(talk: Talk, turn: Turn, { endsOffer = false } = {}): Promise<Heard> {
  const { conversationId, clientId, text, attachments, saidAt } = turn
  const saying = { text, ...(attachments && { attachments: [...attachments] }) }
  const said = { conversationId, clientId, speaker: 'customer', saying, saidAt, keptAt: talk.now } as const
  const heard = await hear(talk.tx, said, endsOffer && talk.conversation.pendingChoices.length > 0)
  talk.context = talk.keptContext = heard.context
  if (!heard.isNew) return heard
  talk.conversation.lastSeq = heard.turn.seq
  talk.tell({ kind: 'turn', turn: heard.turn })
  return heard
}

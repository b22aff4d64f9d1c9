/**
 * What agents see of conversations: lists and one thread. Read only; personal data that a citizen typed is masked,
 * a contact is shown as a pseudonym.
 */
import type { ConversationView, DeskConversation } from '../contract/agent-events.ts'
import type { AskedTransfer } from '../contract/transfer.ts'
import { Problem } from '../contract/problem.ts'
import type { KeptTurn } from '../contract/turn.ts'
import { eldersStore } from '../desk/elders.store.ts'
import { handoversStore, type Waiting } from '../desk/handovers.store.ts'
import { maskText } from '../desk/masking.ts'
import { notesStore } from '../desk/notes.store.ts'
import { ratedCasesStore } from '../desk/rated-cases.store.ts'
import { callsStore } from '../desk/calls.store.ts'
import { skillsStore } from '../desk/skills.store.ts'
import { staffStore } from '../desk/staff.store.ts'
import { expiresAt } from '../desk/transfer.ts'
import { transfersStore } from '../desk/transfers.store.ts'
import { withFilesThere } from './attached-files.ts'
import type { Conversation } from './conversation.ts'
import { conversationsStore } from './conversations.store.ts'
import { historyViews } from './history-view.ts'
import type { Live } from './live-conversations.store.ts'
import { personView } from './person-view.ts'
import { summariesOf, unsummedBy } from './summary-views.ts'
import type { Db } from './tables.ts'
import { tellingsOf } from './tellings.ts'
import { lastTransferOf } from './transfer-view.ts'
import { turnsStore } from './turns.store.ts'
import { owedByAgents } from './waiting-for-words.ts'

/** In a list words that are hidden give way to those before them. */
const previewLooksBack = 20
/** Of a long conversation the desk gets the newest turns, and the others so many at a time. */
const turnsAtOnce = 80
const previewChars = 60

export type DeskViews = ReturnType<typeof deskViews>

/**
 * Turns as staff may see them, in their order: what a citizen typed is masked, and what tells of a rating is left
 * out, because who rates is never shown to the person rated. Its number stays, so that no gap is looked for.
 *
 * @param isOfTheirs whether whoever looks was rated in that case: what the citizen is told of it is left out as well
 */
export function shownToDesk(
  turns: readonly KeptTurn[],
  isOfTheirs: (caseId: string) => boolean = () => false,
): KeptTurn[] {
  return turns.map((turn, i) => {
    const isRating = turn.speaker === 'customer' && turns[i + 1]?.aboutRating === 'words'
    const isOfTheirCase = turn.aboutCase !== undefined && isOfTheirs(turn.aboutCase)
    if (turn.aboutRating || isRating || isOfTheirCase) return { ...bare(turn), text: '', hidden: true }
    return turn.speaker === 'customer' ? masked(turn) : turn
  })
}

/** As this member of staff may see them. */
async function shownTo(db: Db, viewerId: string, turns: readonly KeptTurn[]): Promise<KeptTurn[]> {
  const caseIds = new Set(turns.flatMap(({ aboutCase }) => aboutCase ?? []))
  const theirs = await ratedCasesStore(db).about(viewerId, [...caseIds])
  return shownToDesk(turns, (caseId) => theirs.has(caseId))
}

function masked(turn: KeptTurn): KeptTurn {
  const { text, attachments } = turn
  const files = attachments && { attachments: attachments.map((file) => ({ ...file, name: maskText(file.name) })) }
  return { ...turn, text: maskText(text), ...files }
}

function bare({ conversationId, seq, speaker, saidAt }: KeptTurn): Omit<KeptTurn, 'text'> {
  return { conversationId, seq, speaker, saidAt }
}

/** What a contact is called: nothing that they said of themselves. */
export const pseudonym = (contactId: string) => `访客 ${contactId.slice(0, 4).toUpperCase()}`

export function deskViews(db: Db) {
  const conversations = conversationsStore(db)
  const turns = turnsStore(db)
  const calls = callsStore(db)
  const histories = historyViews(db, lastWords)

  /** Lists are everybody's: what is hidden from anybody stands in none. */
  async function lastWords(ids: readonly string[]): Promise<Map<string, string>> {
    const words = new Map<string, string>()
    for (const [id, turn] of await turns.lastOfEach(ids)) {
      const isOpen = turn.aboutRating === undefined && turn.aboutCase === undefined
      const kept = isOpen ? [turn] : await turns.newest(id, previewLooksBack)
      words.set(id, preview(shownToDesk(kept, () => true).findLast(({ hidden }) => !hidden)?.text))
    }
    return words
  }

  async function rows(of: readonly Conversation[], waiting: readonly Waiting[]): Promise<DeskConversation[]> {
    const last = await lastWords(of.map((one) => one.id))
    const staffIds = of.flatMap((one) => [one.agentId, one.firstAskedAgentId].filter((id) => id !== undefined))
    const numbers = await staffStore(db).workNumbers([...new Set(staffIds)])
    const skills = await skillNames(waiting)
    const waitOf = new Map(waiting.map((one) => [one.conversationId, one]))
    return of.map((one) => {
      const wait = waitOf.get(one.id)
      return {
        conversationId: one.id,
        channel: one.channel,
        state: one.state,
        who: pseudonym(one.contactId),
        region: one.region,
        insurance: one.insurance,
        lastText: last.get(one.id) ?? '',
        lastTurnAt: one.lastTurnAt.toISOString(),
        lastSeq: one.lastSeq,
        reason: wait?.reason,
        note: wait?.note && maskText(wait.note),
        priority: wait?.priority,
        flags: wait?.flags,
        skill: wait?.skillId && skills.get(wait.skillId),
        wantedRegion: wait?.region,
        waitingSince: wait?.askedAt.toISOString(),
        agentId: one.agentId,
        agentNumber: one.agentId && numbers.get(one.agentId),
        firstAskedNumber: one.firstAskedAgentId && numbers.get(one.firstAskedAgentId),
      }
    })
  }

  async function skillNames(waiting: readonly Waiting[]): Promise<Map<string, string>> {
    if (waiting.every(({ skillId }) => skillId === undefined)) return new Map()
    return new Map((await skillsStore(db).skills()).map(({ id, name }) => [id, name]))
  }

  async function view(conversationId: string, kept: readonly KeptTurn[], viewerId: string): Promise<ConversationView> {
    const conversation = await conversations.find(conversationId)
    if (!conversation) throw new Problem('not_found', `no conversation ${conversationId}`)
    const wait = await handoversStore(db).find(conversationId)
    const [row] = await rows([conversation], wait ? [wait] : [])
    if (!row) throw new Problem('not_found', `no conversation ${conversationId}`)
    const { contacts, verified, joins, optedOutAt } = await personView(db, conversation.contactId)
    const summaries = await summariesOf(db, [conversationId])
    return {
      conversation: row,
      ...(conversation.channel === 'phone' && { call: (await calls.isUp(conversationId)) ? 'live' : 'ended' }),
      transfer: await lastTransferOf(db, conversationId),
      isElder: await eldersStore(db).isElder(contacts),
      turns: await withFilesThere(db, await shownTo(db, viewerId, kept)),
      readSeq: conversation.readSeq,
      tellings: await tellingsOf(db, conversationId),
      notes: await notesStore(db).of(conversationId),
      summaries: summaries.get(conversationId) ?? [],
      unsummedBy: await unsummedBy(db, conversationId),
      ...{ verified, joins, optedOutAt },
      ...(await histories.newest(contacts, conversationId)),
    }
  }

  return {
    /** Conversations that colleagues ask this agent to take over, the oldest request first. */
    async askedOf(staffId: string): Promise<AskedTransfer[]> {
      const asked = await transfersStore(db).openFor(staffId)
      const shown = await rows(await conversations.withIds(asked.map((one) => one.conversationId)), [])
      const numbers = await staffStore(db).workNumbers(asked.map((one) => one.fromStaffId))
      return asked.flatMap((one): AskedTransfer[] => {
        const row = shown.find(({ conversationId }) => conversationId === one.conversationId)
        if (!row) return []
        const { conversationId, channel, who, lastText } = row
        return [
          {
            ...{ conversationId, channel, who, lastText, reason: one.reason, transferId: one.id },
            fromNumber: numbers.get(one.fromStaffId) ?? '',
            expiresAt: expiresAt(one).toISOString(),
          },
        ]
      })
    },

    /** In the order in which they are to be taken. */
    async waiting(): Promise<DeskConversation[]> {
      const list = await handoversStore(db).waitingList()
      const found = new Map(
        (await conversations.withIds(list.map((one) => one.conversationId))).map((one) => [one.id, one]),
      )
      const ordered = list.flatMap((one) => found.get(one.conversationId) ?? [])
      // Between the two looks somebody may have been taken, or have gone.
      return rows(
        ordered.filter(({ state }) => state === 'waiting'),
        list,
      )
    },

    /** Of these, in their order. */
    rowsOf: (of: readonly Conversation[]): Promise<DeskConversation[]> => rows(of, []),

    /** Of these, in their order, each with since when its citizen waits for a word. */
    async live(of: readonly Live[]): Promise<DeskConversation[]> {
      const found = new Map((await conversations.withIds(of.map(({ id }) => id))).map((one) => [one.id, one]))
      const waits = await handoversStore(db).waitingOf([...found.keys()])
      const since = new Map(of.map(({ id, unansweredSince }) => [id, unansweredSince?.toISOString()]))
      const shown = await rows(
        of.flatMap(({ id }) => found.get(id) ?? []),
        waits,
      )
      return shown.map((row) => ({ ...row, unansweredSince: since.get(row.conversationId) }))
    },

    /** Since when each citizen in somebody's hands has waited for an answer; looked at once for all desks. */
    async silentSince(): Promise<ReadonlyMap<string, Date>> {
      return new Map((await owedByAgents(db)).map(({ conversationId, since }) => [conversationId, since]))
    },

    /** @param silent what `silentSince` gave: each that its agent has not answered says since when. */
    async heldBy(agentId: string, silent?: ReadonlyMap<string, Date>): Promise<DeskConversation[]> {
      return (await rows(await conversations.ofAgent(agentId), [])).map((row) => {
        const since = silent?.get(row.conversationId)
        return since ? { ...row, unansweredSince: since.toISOString() } : row
      })
    },

    /** The whole conversation. @throws Problem not_found */
    async thread(conversationId: string, viewerId: string): Promise<ConversationView> {
      return view(conversationId, await turns.since(conversationId, 0), viewerId)
    },

    /** Its newest turns. @throws Problem not_found */
    async newest(conversationId: string, viewerId: string): Promise<ConversationView> {
      return view(conversationId, await turns.newest(conversationId, turnsAtOnce), viewerId)
    },

    /** More of what came before it, the newest first. @throws Problem not_found */
    earlier: (conversationId: string, offset: number) => histories.more(conversationId, offset),

    /** Those before `seq`. The turn there is looked at too: it may tell that the one before it is a rating. */
    async before(conversationId: string, seq: number, viewerId: string): Promise<KeptTurn[]> {
      const kept = await shownTo(db, viewerId, await turns.newest(conversationId, turnsAtOnce + 1, seq + 1))
      return withFilesThere(
        db,
        kept.filter((turn) => turn.seq < seq),
      )
    },
  }
}

function preview(text = ''): string {
  return text.length > previewChars ? `${text.slice(0, previewChars)}…` : text
}

/**
 * What a scan in WeChat leads to beside an entry: rating a window, or going on with what was begun on the web or on the
 * telephone.
 *
 * Invariant: two contacts become one person only where the one who holds the code in the other place and the one who
 * scanned it are the same, and said yes; a code is scanned once, and answered once.
 */
import { createHash, randomBytes } from 'node:crypto'
import type { Closing } from '../bot/closing.ts'
import { continuesWithinMs } from '../bot/conversation.ts'
import { conversationsStore } from '../bot/conversations.store.ts'
import { dialogStatesStore } from '../bot/dialog-states.store.ts'
import type { OpenLines, Talk } from '../bot/open-lines.ts'
import { samePerson } from '../bot/same-person.ts'
import { keepTurn } from '../bot/switchboard.ts'
import { turnsStore } from '../bot/turns.store.ts'
import type { Turn } from '../contract/turn.ts'
import { auditStore } from '../desk/audit.store.ts'
import { ratingWindowsStore } from '../desk/rating-windows.store.ts'
import { joinsStore } from '../wechat/joins.store.ts'
import { joinTokenBytes, readScene } from '../wechat/scene.ts'
import { wording } from '../wechat/wording.ts'
import type { Db } from './db/database.ts'

type Parts = { db: Db; lines: OpenLines; closing: Closing; publicUrl: string | undefined; now: () => Date }

/** `joined`: the contact that was shown the code. */
type Settled = { wasAnswer: boolean; joined?: string }

/** How long the question waits to be answered. */
const askedMs = 10 * 60_000

export function wechatScenes({ db, lines, closing, publicUrl, now }: Parts) {
  async function rateWindow(talk: Talk, code: string): Promise<void> {
    const window = await ratingWindowsStore(talk.tx).open({ code })
    const { state } = talk.conversation
    const say = (text: string) => talk.line.say({ text }, { speaker: 'system' })
    if (!window) await say(wording.windowClosed)
    // What is written goes to a person, or into a form that is half filled in: the rating has its own page.
    else if (state === 'agent' || state === 'waiting' || (state === 'bot' && (await isBusy(talk)))) {
      if (publicUrl) await say(wording.rateWindowLink(window.name, new URL(`/rate/window/${code}`, publicUrl).href))
    } else await closing.rateWindow(talk, window, wording.rateWindow(window.name))
  }

  async function askToJoin(talk: Talk, token: string, openIdHash: Buffer): Promise<void> {
    const join = await joinsStore(talk.tx).scan(hashOf(token), openIdHash, talk.now)
    const isOwn = join?.contactId === talk.conversation.contactId
    if (!join || isOwn) return void (await talk.line.say({ text: wording.joinOver }, { speaker: 'system' }))
    const [last] = await conversationsStore(talk.tx).historyOf([join.contactId], talk.conversation.id, 1)
    const choices = [wording.agree, wording.decline].map((question) => ({ id: `join-${question}`, question }))
    const text = wording.askToJoin(last?.channel === 'phone' ? '电话' : '网页')
    await talk.line.say({ text, choices }, { speaker: 'system' })
  }

  async function settle(talk: Talk, turn: Turn, openIdHash: Buffer): Promise<Settled> {
    if (await turnsStore(talk.tx).byClientId(turn.conversationId, turn.clientId)) return { wasAnswer: true }
    const joins = joinsStore(talk.tx)
    const asked = await joins.asked(openIdHash, new Date(talk.now.getTime() - askedMs))
    const agrees = turn.text === wording.agree
    if (!asked || !(await joins.answer(asked.tokenHash, agrees ? 'agreed' : 'declined', talk.now)))
      return { wasAnswer: false }
    await keepTurn(talk, turn)
    await talk.line.say({ text: agrees ? wording.joined : wording.notJoined }, { speaker: 'system' })
    if (!agrees) return { wasAnswer: true }
    const { contactId, id, state, agentId } = talk.conversation
    await samePerson(talk.tx).joinByConsent([contactId, asked.contactId], talk.now)
    // Whoever has this conversation sees the other one beside it at once.
    if (agentId) talk.tell({ kind: 'state', conversationId: id, state })
    await auditStore(talk.tx).record({ act: 'person.join', subject: id, detail: { by: 'wechat_scan' } }, talk.now)
    return { wasAnswer: true, joined: asked.contactId }
  }

  /** Where the code was shown it is said too: somebody else may have scanned it over a shoulder. */
  async function tellOther(contactId: string): Promise<void> {
    const since = new Date(now().getTime() - continuesWithinMs)
    const other = await conversationsStore(db).latestOf(contactId, 'web', since)
    if (other)
      await lines.hold(other.id, (talk) => talk.line.say({ text: wording.joinedElsewhere }, { speaker: 'system' }))
  }

  return {
    /** @returns what a code for this contact is to say, and until when. */
    async make(tx: Db, contactId: string, seconds: number): Promise<{ token: string; expiresAt: Date }> {
      const token = randomBytes(joinTokenBytes).toString('base64url')
      const expiresAt = new Date(now().getTime() + seconds * 1_000)
      await joinsStore(tx).make({ tokenHash: hashOf(token), contactId, madeAt: now(), expiresAt })
      return { token, expiresAt }
    },

    /** @returns nothing for a code that is over, was scanned, or is nobody's. */
    async secondsLeft(token: string): Promise<number | undefined> {
      const until = await joinsStore(db).openUntil(hashOf(token), now())
      return until && Math.max(1, Math.floor((until.getTime() - now().getTime()) / 1_000))
    },

    /** @returns whether the code was one of these. */
    async scanned(words: string | undefined, conversationId: string, openIdHash: Buffer): Promise<boolean> {
      const scene = words === undefined ? undefined : readScene(words)
      if (!scene || scene.kind === 'entry') return false
      await lines.hold(conversationId, (talk) =>
        scene.kind === 'window' ? rateWindow(talk, scene.code) : askToJoin(talk, scene.token, openIdHash),
      )
      return true
    },

    /** @returns whether it answered what a scan has asked; it is kept then. */
    async answered(turn: Turn, openIdHash: Buffer): Promise<boolean> {
      if (turn.text !== wording.agree && turn.text !== wording.decline) return false
      const since = new Date(now().getTime() - askedMs)
      if (!(await joinsStore(db).asked(openIdHash, since))) return false
      const { wasAnswer, joined } = await lines.hold(turn.conversationId, (talk) => settle(talk, turn, openIdHash))
      if (joined) await tellOther(joined)
      return wasAnswer
    },
  }
}
export type WechatScenes = ReturnType<typeof wechatScenes>

const isBusy = async ({ tx, conversation }: Talk) => (await dialogStatesStore(tx).find(conversation.id)) !== undefined

const hashOf = (token: string) => createHash('sha256').update(token).digest()

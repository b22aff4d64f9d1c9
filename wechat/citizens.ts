/**
 * What a citizen does by any road of WeChat, and what the hotline does about it. A road hands in who somebody is there.
 *
 * Invariant: a thing that a citizen did is one turn at most, however often it is acted on.
 */
import { createHash } from 'node:crypto'
import type { KeptTurn, Turn } from '../contract/turn.ts'
import { consentsStore } from './consents.store.ts'
import { deliveriesStore } from './deliveries.store.ts'
import type { Inbound, InboundKind } from './inbound.ts'
import { mediaRoad, type MediaInside, type SentMedia } from './media.ts'
import type { MediaDownload } from './media-download.ts'
import { noQuota, triggered, type Trigger } from './quota.ts'
import type { Road } from './road.ts'
import { readScene } from './scene.ts'
import type { Db } from './tables.ts'
import { unionStore } from './union.store.ts'
import type { UnionOf } from './unionid.ts'
import type { NotedUser } from './users.store.ts'
import { wording } from './wording.ts'

type Log = { info(facts: object, message: string): void; warn(facts: object, message: string): void }
type Sealer = { seal(plain: string): string; lookupHash(identifier: string): Buffer }

/** Done in the transaction in which all this was said; not, where more comes behind it. */
export type Alongside = (tx: Db, said: readonly KeptTurn[]) => Promise<void>

type Given = { kin?: Promise<Buffer | undefined>; alongside?: Alongside }

/** What the hotline does for this channel. */
export type Inside = MediaInside & {
  /** Where this citizen goes on, or begins. @param kin who they are known as by another road */
  enter(personHash: Buffer, kin: Buffer | undefined): Promise<{ conversationId: string; isNew: boolean }>
  receive(turn: Turn, alongside?: Alongside): Promise<unknown>
  /** Words to a citizen who has just come, unless they are in the midst of something. */
  greet(conversationId: string): Promise<void>
  /** In the system's words; told like whatever is said. */
  say(conversationId: string, text: string): Promise<unknown>
  /** Whether a question that opening a window asks would be a new one there. */
  isNewThere(question: string, conversationId: string): Promise<boolean>
  /** A code that is about a window, or about somebody. @returns whether it was one */
  scanned(scene: string | undefined, conversationId: string, openIdHash: Buffer): Promise<boolean>
  /** The answer to what such a code has asked. @returns whether it was one; it is kept then */
  answered(turn: Turn, openIdHash: Buffer): Promise<boolean>
  /** Agreed to notices, or refuses them, or left: what may be sent to them is another. */
  changed(openIdHash: Buffer): void
  /** A subscription notice that was taken did not arrive. */
  noticeFailed(openIdHash: Buffer, templateId: string, code: number): Promise<void>
  /** The question that a published entry answers. */
  questionOf(entryId: string): Promise<string | undefined>
}

/** Who somebody is: `person` for the hotline, `user` for sending and what may be sent. No two roads say the same. */
export type Who = { road: Road; person(inbound: Inbound): string; user(inbound: Inbound): string }
/** An openid is one person's with one account; the official account's stands as it is. */
export const accountWho: Who = { road: 'oa', person: ({ openId }) => openId, user: ({ openId }) => openId }

type Parts = {
  db: Db
  who: Who
  inside: Inside
  /** Of what this road carries that is not words. */
  download: MediaDownload
  /** Absent where there is no other road, or the platform does not tell. */
  unionOf?: UnionOf
  sealer: Sealer
  log: Log
  now: () => Date
}
export type Citizens = ReturnType<typeof citizens>

export function citizens({ db, who, inside, download, unionOf, sealer, log, now }: Parts) {
  const media = mediaRoad({ download, inside, log })

  /** Who it is, and what they may be sent for what they did. */
  function userOf(inbound: Inbound): NotedUser {
    const { openId, account, kind } = inbound
    const isFromMenu = 'isFromMenu' in inbound && inbound.isFromMenu
    // Who taps what was offered in a message has tapped a menu for the platform, and not written.
    const by = isFromMenu ? (['moment'] as const) : triggers[kind]
    const at = new Date(Math.min(inbound.at.getTime(), now().getTime()))
    return {
      openIdHash: sealer.lookupHash(who.user(inbound)),
      openIdSealed: sealer.seal(openId),
      account,
      road: who.road,
      follows: kind !== 'unfollow',
      granted: by.reduce((so, trigger) => triggered(so, trigger, at), noQuota),
      now: now(),
    }
  }

  /**
   * @param given.kin where it has been asked already: who they are known as by another road
   * @param given.alongside done with what is answered to words
   * @returns the conversation in which there may be something to tell.
   */
  async function act(inbound: Inbound, openIdHash: Buffer, given: Given = {}): Promise<string | undefined> {
    const { kin } = given
    const asked: Given = kin ? { kin } : {}
    switch (inbound.kind) {
      case 'text':
        return hear(inbound, openIdHash, inbound.text, given)
      case 'voice':
      case 'image':
      case 'video':
      case 'file':
        return show(inbound, openIdHash, inbound, asked)
      case 'place':
        return note(inbound, `[位置]${inbound.label}`, wording.placeSeen, asked)
      case 'link':
        return hear(inbound, openIdHash, `${inbound.title} ${inbound.url}`.trim(), asked)
      case 'click':
        return hear(inbound, openIdHash, inbound.menuKey.slice(0, 200), asked)
      case 'follow':
      case 'scan': {
        const question = await askedByScan(inbound.scene)
        const conversationId = await enter(inbound, openIdHash, asked)
        if (question !== undefined) {
          // A code is scanned on purpose; a window is opened each time that somebody looks for an answer.
          if (inbound.kind === 'scan' || (await inside.isNewThere(question, conversationId)))
            await receive(turnOf(inbound, conversationId, question), openIdHash)
          return conversationId
        }
        if (!(await inside.scanned(inbound.scene, conversationId, openIdHash))) await inside.greet(conversationId)
        return conversationId
      }
      case 'receipt':
        for (const { templateId, code } of inbound.receipts)
          if (code !== 0) await inside.noticeFailed(openIdHash, templateId, code)
        return undefined
      case 'consent':
        for (const { templateId, agrees } of inbound.said)
          await consentsStore(db).said(openIdHash, templateId, agrees, now())
        inside.changed(openIdHash)
        return undefined
      case 'unfollow':
        inside.changed(openIdHash)
        return undefined
      case 'other':
        log.info({ what: inbound.what }, 'WeChat sent something of a kind that is not read here')
        return undefined
    }
  }

  async function askedByScan(scene: string | undefined): Promise<string | undefined> {
    const read = scene === undefined ? undefined : readScene(scene)
    return read?.kind === 'entry' ? inside.questionOf(read.entryId) : undefined
  }

  /** Whoever begins is told from now on by the way that they came. Of all others the teller looks after that. */
  async function enter(inbound: Inbound, openIdHash: Buffer, given: Given): Promise<string> {
    const { conversationId, isNew } = await goOn(inbound, given)
    if (isNew) await deliveriesStore(db).open(conversationId, openIdHash)
    return conversationId
  }

  async function goOn(inbound: Inbound, { kin }: Given): ReturnType<Inside['enter']> {
    const personHash = sealer.lookupHash(who.person(inbound))
    return inside.enter(personHash, await (kin ?? kinOf(inbound)))
  }

  /** The same account in WeChat by another road, where the platform says so; it may have to be asked. */
  async function kinOf(inbound: Inbound): Promise<Buffer | undefined> {
    if (!unionOf || !enters[inbound.kind]) return undefined
    const personHash = sealer.lookupHash(who.person(inbound))
    const store = unionStore(db)
    const asked = await store.asked(personHash)
    if (asked) return asked.unionHash && store.kinOf(personHash, asked.unionHash)
    try {
      const union = await unionOf(inbound)
      const unionHash = union === undefined ? undefined : sealer.lookupHash(`union:${union}`)
      await store.keep(personHash, unionHash, now())
      return unionHash && store.kinOf(personHash, unionHash)
    } catch (error) {
      log.warn({ err: error }, 'whether somebody is known by another road was not learnt')
      return undefined
    }
  }

  /** Who is answered alongside is told by the way that they came from then on. */
  async function hear(inbound: Inbound, openIdHash: Buffer, text: string, given: Given): Promise<string> {
    const conversationId = given.alongside
      ? (await goOn(inbound, given)).conversationId
      : await enter(inbound, openIdHash, given)
    await receive(turnOf(inbound, conversationId, text), openIdHash, given.alongside)
    return conversationId
  }

  async function show(inbound: Inbound, openIdHash: Buffer, sent: SentMedia, given: Given): Promise<string> {
    const conversationId = await enter(inbound, openIdHash, given)
    await media.take(sent, turnOf(inbound, conversationId, ''), (turn) => receive(turn, openIdHash))
    return conversationId
  }

  /** No question: kept for whoever takes them up, and the bot asks for one. */
  async function note(inbound: Inbound, text: string, whatToDo: string, given: Given): Promise<string> {
    const conversationId = await enter(inbound, userOf(inbound).openIdHash, given)
    await inside.keepUnread(turnOf(inbound, conversationId, text), whatToDo)
    return conversationId
  }

  async function receive(turn: Turn, openIdHash: Buffer, alongside?: Alongside): Promise<void> {
    if (!(await inside.answered(turn, openIdHash))) await inside.receive(turn, alongside)
  }

  const turnOf = (inbound: Inbound, conversationId: string, text: string): Turn => ({
    ...{ conversationId, channel: 'wechat', text, saidAt: now() },
    clientId: `wechat-${hashOf(inbound.key).toString('hex').slice(0, 40)}`,
  })

  /** Who followed or scanned knows of nothing that they sent. */
  async function sayNotWorkedOn(inbound: Inbound): Promise<void> {
    if (!triggers[inbound.kind].includes('message') && inbound.kind !== 'click') return
    const conversationId = await enter(inbound, userOf(inbound).openIdHash, {})
    await inside.say(conversationId, wording.notWorkedOn(inbound.kind === 'text' ? inbound.text : undefined))
  }

  return { userOf, kinOf, act, sayNotWorkedOn }
}

const triggers: Record<InboundKind, readonly Trigger[]> = {
  text: ['message'],
  voice: ['message'],
  image: ['message'],
  video: ['message'],
  file: ['message'],
  place: ['message'],
  link: ['message'],
  click: ['moment'],
  follow: ['moment'],
  scan: ['moment'],
  consent: [],
  receipt: [],
  unfollow: [],
  other: [],
}

/** Whether it leads into a conversation. */
const enters: Record<InboundKind, boolean> = {
  ...{ text: true, voice: true, image: true, video: true, file: true, place: true, link: true },
  ...{ click: true, follow: true, scan: true, consent: false, receipt: false, unfollow: false, other: false },
}

export const hashOf = (key: string) => createHash('sha256').update(key).digest()

/**
 * One citizen at one page: joins the state of the conversation, what the browser keeps and the socket.
 *
 * Its invariant: words go into storage before they go out, and leave it only when the server has them; they are sent
 * one at a time, oldest first, always under the client id they were written with.
 */
import type { Level } from '../contract/rating.ts'
import { connection, type AskBody } from './connection.ts'
import * as told from './conversation.ts'
import type { Conversation, RatingCard } from './conversation.ts'
import type { Kept } from './kept.ts'
import { wordsFor, wordsForField } from './problems.ts'
import type { VisitorDoor } from './visitor.ts'

type Parts = { kept: Kept; visitor: VisitorDoor; onChange: (now: Conversation) => void; now: () => Date }

const catchUpMs = 400
const laterMs = 4_000
const typingShownMs = 6_000
const typingToldMs = 3_000
const readToldMs = 500

export function visitorSession({ kept, visitor, onChange, now }: Parts) {
  let c = kept.conversation()
  let isLooking = false
  let isSending = false
  let catchUp: ReturnType<typeof setTimeout> | undefined
  let typingEnds: ReturnType<typeof setTimeout> | undefined
  let typingTold = 0
  let readTelling: ReturnType<typeof setTimeout> | undefined
  /** What the server knows to be read. */
  let readTold = ''
  /** A city chosen and not yet told. */
  let newRegion: string | undefined
  /** The city that this connection's next conversation begins with. */
  let regionTold: string | undefined

  function change(next: Conversation) {
    if (isLooking) next = told.unread(next) > 0 || next.readSeq < next.knownSeq ? told.read(next) : next
    kept.keepConversation(next, c)
    c = next
    onChange(c)
    if (told.isMissingTurns(c)) catchUp ??= setTimeout(() => void askMissing(), catchUpMs)
    if (readKey() !== readTold) readTelling ??= setTimeout(() => void tellRead(), readToldMs)
  }

  const readKey = () => `${c.id}:${told.shownSeq(c)}`

  async function tellRead() {
    readTelling = undefined
    const seq = told.shownSeq(c)
    if (!isLooking || seq === 0 || !line.isUp()) return
    readTold = readKey()
    await line.ask('turns:read', { seq })
  }

  const line = connection({
    token: visitor.token,
    async renewToken(refused) {
      const token = await visitor.renewToken(refused)
      change(told.forgotten(c))
      return token
    },
    position: () => ({ conversationId: c.id, lastSeq: told.wholeSeq(c) }),
    news: {
      up() {
        regionTold = undefined
        change({ ...c, online: true })
        void send()
      },
      down: () => c.online && change({ ...c, online: false, typing: undefined }),
      'conversation:standing'(standing) {
        // Said in words, the city counts for the next conversation too.
        if (newRegion === undefined && standing.region && kept.city()) kept.keepCity(standing.region)
        change(told.stood(c, standing))
      },
      'turn:said': (turn) => change(told.heard(c, [turn])),
      'queue:place': (place) => change(told.placed(c, place)),
      'rating:asked': (asked) => change(told.ratingAsked(c, asked)),
      typing: ({ speaker }) => showTyping(speaker),
    },
  })

  async function askMissing() {
    const before = told.wholeSeq(c)
    const reply = await line.ask('turns:since', { seq: before })
    catchUp = undefined
    if (reply.ok) change(told.heard(c, reply.value.turns))
    // No progress: the server holds nothing more just now, so asking at once again would only spin.
    if (told.isMissingTurns(c) && told.wholeSeq(c) === before && line.isUp()) {
      clearTimeout(catchUp)
      catchUp = setTimeout(() => void askMissing(), laterMs)
    }
  }

  async function send() {
    if (isSending || (!told.nextToSend(c) && newRegion === undefined)) return
    isSending = true
    await tellRegion()
    for (let next = told.nextToSend(c); next && line.isUp(); next = told.nextToSend(c)) {
      const { clientId, text } = next
      // The answer may be here before the acknowledgement is: whoever hears it takes this away again.
      if (c.state !== 'agent' && c.state !== 'waiting') showTyping('bot')
      const reply = await line.ask('turn:say', { clientId, text })
      if (reply.ok) {
        change(told.sent(c, clientId, reply.value))
      } else if (reply.code === 'too_many_requests' || reply.code === 'not_ready') {
        setTimeout(() => void send(), laterMs)
        break
      } else if (reply.code !== 'no_reply')
        change(told.refused(c, clientId, wordsForField(reply, 'text') ?? wordsFor(reply)))
    }
    isSending = false
  }

  /** A conversation that is going on has its city; one that is about to begin gets the citizen's last choice. */
  async function tellRegion() {
    const isBeginning = c.state === 'none' || c.state === 'closed'
    const region = newRegion ?? (isBeginning ? kept.city() : undefined)
    if (region === undefined || region === regionTold || !line.isUp()) return
    const reply = await line.ask('region:choose', { region, insurance: c.insurance })
    if (!reply.ok) return
    regionTold = region
    newRegion = undefined
  }

  async function enter<K extends 'person:ask' | 'complaint:file' | 'callback:book'>(what: K, body: AskBody<K>) {
    await tellRegion()
    return line.ask(what, body)
  }

  function showTyping(speaker: 'agent' | 'bot') {
    clearTimeout(typingEnds)
    change({ ...c, typing: speaker })
    typingEnds = setTimeout(() => change({ ...c, typing: undefined }), typingShownMs)
  }

  return {
    conversation: () => c,
    open: () => line.open(),
    say(text: string) {
      change(told.written(c, { clientId: newClientId(), text, writtenAt: now().toISOString() }))
      void send()
    },
    retry(clientId: string) {
      change(told.refused(c, clientId, undefined))
      void send()
    },
    discard: (clientId: string) => change(told.discarded(c, clientId)),
    /** Whether the citizen has the conversation before their eyes: then nothing stays unread. */
    look(looking: boolean) {
      isLooking = looking
      change(c)
    },
    chooseRegion(region: string) {
      kept.keepCity(region)
      newRegion = region
      regionTold = undefined
      change({ ...c, region })
      void tellRegion()
    },
    /** For whom is answered, both at once; what is left out is not known from here on. */
    async chooseScope({ region, insurance }: AskBody<'region:choose'>) {
      const reply = await line.ask('region:choose', { region, insurance })
      if (!reply.ok) return reply
      if (region) kept.keepCity(region)
      newRegion = undefined
      regionTold = region
      change({ ...c, region, insurance })
      return reply
    },
    tellTyping() {
      if (c.state !== 'agent' || now().getTime() - typingTold < typingToldMs) return
      typingTold = now().getTime()
      void line.ask('typing:tell', {})
    },
    askPerson: () => enter('person:ask', {}),
    leaveQueue: () => line.ask('queue:leave', {}),
    end: () => line.ask('conversation:end', {}),
    complain: (body: AskBody<'complaint:file'>) => enter('complaint:file', body),
    book: (body: AskBody<'callback:book'>) => enter('callback:book', body),
    async judge(turn: { conversationId: string; seq: number }, solved: boolean) {
      const reply = await line.ask('answer:judge', { seq: turn.seq, solved })
      if (reply.ok) change(told.judgedAs(c, told.turnKey(turn), solved))
      return reply
    },
    async rate(card: RatingCard, given: { level: Level; reasons: string[]; words?: string }) {
      const reply = await line.ask('rating:give', { token: card.token, ...given })
      if (reply.ok) {
        const { caseNumber } = reply.value
        change(told.rated(c, card.ratingId, { kind: 'given', level: given.level, caseNumber }))
      } else if (reply.code === 'already_rated') change(told.rated(c, card.ratingId, { kind: 'given-elsewhere' }))
      else if (reply.code === 'rating_closed') change(told.rated(c, card.ratingId, { kind: 'too-late' }))
      return reply
    },
    forget() {
      kept.forgetAll()
      c = told.begin()
      onChange(c)
      return line.reopen()
    },
    /** Another tab began, or forgot, a conversation: this one follows it. */
    followOtherTab() {
      const id = kept.conversationId()
      if (id === c.id) return
      change(id === undefined ? told.forgotten(c) : told.moveTo(c, id))
      void line.reopen()
    },
  }
}
export type Session = ReturnType<typeof visitorSession>

/** Not crypto.randomUUID: that one is missing on plain http. */
export function newClientId(): string {
  const bytes = crypto.getRandomValues(new Uint8Array(12))
  return Array.from(bytes, (byte) => byte.toString(16).padStart(2, '0')).join('')
}

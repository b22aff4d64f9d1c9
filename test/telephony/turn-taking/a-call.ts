/**
 * A call in a test: the floor, a clock that only the test moves, and a player whose every speech is three sentences of
 * two seconds. What a real call process does with the actions, and nothing else.
 */
import type { Capability, Expectation } from '../../../telephony/turn-taking/expectation.ts'
import { step, wakeAt } from '../../../telephony/turn-taking/floor.ts'
import type { FloorAction, FloorEvent, Speech } from '../../../telephony/turn-taking/floor-events.ts'
import { newFloor, type FloorState } from '../../../telephony/turn-taking/floor-state.ts'
import type { Cursor } from '../../../telephony/turn-taking/heard.ts'

export const sentenceMs = 2_000
export const sentenceCount = 3
const cursorEveryMs = 200

export type Sounding = { play: number; speech: Speech; sentence: number; ms: number; isPaused: boolean }

export function aLine(id: string, expects: Expectation = { kind: 'open' }, interruptible = true): Speech {
  return { id, interruptible, expects }
}

export type Call = ReturnType<typeof aCall>

/** @param hasPlayer without one, nothing that is played ever ends: the player has died. */
export function aCall(capability: Capability = 'open', { hasPlayer = true, startMs = 1_000_000 } = {}) {
  let state = newFloor(capability, startMs)
  let now = startMs
  let sounding: Sounding | undefined
  let nextCursorAt = Infinity
  const log: { at: number; action: FloorAction; before: FloorState }[] = []
  const sounds: { play: number; sentence: number; ms: number; id: string }[] = []

  function carryOut(action: FloorAction): void {
    if (action.kind === 'play') {
      sounding = { play: action.play, speech: action.speech, sentence: 0, ms: 0, isPaused: false }
      nextCursorAt = now + cursorEveryMs
    }
    if (!sounding) return
    if (action.kind === 'pause') sounding.isPaused = true
    if (action.kind === 'resume') {
      sounding = { ...sounding, isPaused: false, sentence: action.sentence, ms: 0 }
      nextCursorAt = now + cursorEveryMs
    }
    if (action.kind === 'stopPlaying') sounding = undefined
  }

  function send(event: FloorEvent): FloorAction[] {
    const before = state
    const made = step(state, event, now)
    state = made.state
    for (const action of made.actions) {
      log.push({ at: now, action, before })
      carryOut(action)
    }
    return made.actions
  }

  function sound(): void {
    if (!sounding || sounding.isPaused) return
    sounding.ms += cursorEveryMs
    nextCursorAt = now + cursorEveryMs
    sounds.push({ play: sounding.play, sentence: sounding.sentence, ms: sounding.ms, id: sounding.speech.id })
    if (sounding.ms >= sentenceMs) sounding = { ...sounding, sentence: sounding.sentence + 1, ms: 0 }
    const { play, sentence, ms } = sounding
    const cursor: Cursor = { sentence, ms }
    send({ kind: 'speechPlayed', play, cursor })
    if (sentence === sentenceCount && sounding?.play === play) {
      sounding = undefined
      send({ kind: 'speechFinished', play })
    }
  }

  return {
    send,
    /** Lets time pass; the floor is woken when it wants to be. */
    wait(ms: number): void {
      const until = now + ms
      for (;;) {
        const cursorAt = hasPlayer && sounding && !sounding.isPaused ? nextCursorAt : Infinity
        const wakes = wakeAt(state) ?? Infinity
        const next = Math.min(cursorAt, Math.max(wakes, now))
        if (next > until) break
        now = next
        if (cursorAt <= wakes) sound()
        else send({ kind: 'tick' })
      }
      now = until
    },
    key: (...pressed: Extract<FloorEvent, { kind: 'key' }>['key'][]) =>
      pressed.flatMap((key) => send({ kind: 'key', key })),
    /** The caller speaks for so long; the words come while they do, the final after it. */
    speak(words: string, { ms = 1_200, confidence = 0.9, isFinal = true, mustConfirm = false } = {}): void {
      send({ kind: 'voiceStarted', voicedMs: 60 })
      this.wait(ms / 2)
      if (state.capability === 'open' && words) this.hypothesis(words.slice(0, Math.ceil(words.length / 2)))
      this.wait(ms / 2)
      const session = state.listening?.session ?? 0
      if (state.capability === 'open' && words) this.hypothesis(words)
      send({ kind: 'voiceEnded', silentMs: 0 })
      if (isFinal && words && state.capability === 'open')
        send({ kind: 'final', session, text: words, confidence, mustConfirm })
      if (state.capability === 'choices') {
        this.wait(1_000)
        if (isFinal && words) send({ kind: 'final', session, text: words, confidence, mustConfirm })
        send({ kind: 'listeningEnded', session })
      }
    },
    hypothesis: (text: string) => send({ kind: 'hypothesis', session: state.listening?.session ?? 0, text }),
    say: (speech: Speech) => send({ kind: 'say', speech }),
    state: () => state,
    now: () => now,
    sounding: () => sounding,
    sounds,
    log,
    actions: () => log.map(({ action }) => action),
    of<K extends FloorAction['kind']>(kind: K): Extract<FloorAction, { kind: K }>[] {
      return log.flatMap(({ action }) => (isKind(action, kind) ? [action] : []))
    },
    /** Names of what was begun to be said. */
    said: () => log.flatMap(({ action }) => (action.kind === 'play' ? [action.speech.id] : [])),
    committed: () => log.flatMap(({ action }) => (action.kind === 'commitTurn' ? [action.text] : [])),
  }
}

function isKind<K extends FloorAction['kind']>(
  action: FloorAction,
  kind: K,
): action is Extract<FloorAction, { kind: K }> {
  return action.kind === kind
}

/** A call that has been greeted, asked its first question, and is waiting for the answer. */
export function aCallThatListens(capability: Capability = 'open'): Call {
  const call = aCall(capability)
  call.send({ kind: 'answered', withNotice: false })
  call.wait(2 * sentenceCount * sentenceMs + 100)
  return call
}

/** A call in the first sentence of an answer. */
export function aCallThatAnswers(capability: Capability = 'open', answer = aLine('answer')): Call {
  const call = aCallThatListens(capability)
  call.say(answer)
  call.wait(1_000)
  return call
}

/**
 * What is said to one caller: a speech at a time, rendered sentence by sentence while the one before is heard, and how
 * far it got. It plays what the floor orders and tells it where the playing is; it decides nothing.
 */
import type { MediaSession } from '../rtp/media-session.ts'
import type { Voice } from '../speech/synthesiser.ts'
import type { FloorEvent } from '../turn-taking/floor-events.ts'
import { furthest, heardText, notYet, type Cursor, type SpokenSentence } from '../turn-taking/heard.ts'
import type { Log } from '../log.ts'

export type Words = { text: string; prompt?: string }
/** What left for the caller of one play, and how long the whole of it is, in ms. */
export type Played = { heard: string; heardMs: number; ofMs: number }
type Playing = {
  play: number
  words: Words
  abort: AbortController
  sentences: SpokenSentence[]
  /** Sentences that are through. */
  through: number
  told: Cursor
  isRendered: boolean
}

type Parts = {
  player: () => MediaSession['player'] | undefined
  voice: Voice
  send: (event: FloorEvent) => void
  log: Log
}
export type Mouth = ReturnType<typeof mouth>

/** The floor wants to know several times a second; counted in frames, so that no call has a timer for it. */
const tellEveryFrames = 10

export function mouth({ player, voice, send, log }: Parts) {
  const kept = new Map<number, Playing>()
  let current: Playing | undefined
  let frames = 0

  async function render(mine: Playing): Promise<void> {
    const { text, prompt } = mine.words
    const { signal } = mine.abort
    let [before, last] = [Promise.resolve(), Promise.resolve()]
    for await (const { text: sentence, speech } of voice.speak(text, { prompt, signal })) {
      const out = player()
      if (signal.aborted || !out) return
      const name = `${mine.play}.${mine.sentences.length}`
      mine.sentences.push({ text: sentence, durationMs: speech.length / 8 })
      before = last
      last = out.play([{ name, audio: speech }]).then(([heard]) => {
        if (heard?.isWhole) mine.through++
      })
      // One is heard, one is ready, one is being made: no more of a long answer is made than may be wanted.
      await before
    }
    mine.isRendered = !signal.aborted
    await last
  }

  function cursorOf(mine: Playing): Cursor {
    const [first] = player()?.progress() ?? []
    const isMine = first?.name === `${mine.play}.${mine.through}`
    return { sentence: mine.through, ms: isMine ? first.sentMs : 0 }
  }

  function finish(mine: Playing): void {
    if (current !== mine) return
    current = undefined
    send({ kind: 'speechFinished', play: mine.play })
  }

  return {
    play(play: number, words: Words): void {
      const abort = new AbortController()
      const mine: Playing = { play, words, abort, sentences: [], through: 0, told: notYet, isRendered: false }
      kept.set(play, mine)
      current = mine
      render(mine).then(
        () => finish(mine),
        (error: unknown) => {
          log.error({ err: error }, 'a speech could not be said')
          finish(mine)
        },
      )
    },

    pause: () => player()?.pause(),
    resume: () => player()?.resume(),

    stop(play: number): void {
      if (current?.play !== play) return
      const mine = current
      current = undefined
      mine.told = cursorOf(mine)
      mine.abort.abort()
      player()?.stop()
    },

    /** Once for each frame of the call. */
    beat(): void {
      if (!current || ++frames % tellEveryFrames !== 0) return
      const cursor = cursorOf(current)
      const isMoved = cursor.sentence !== current.told.sentence || cursor.ms !== current.told.ms
      current.told = cursor
      if (isMoved) send({ kind: 'speechPlayed', play: current.play, cursor })
    },

    /** What was heard of a play; asked once, when it is over. @param reached as the floor knows it */
    played(play: number, reached: Cursor): Played {
      const mine = kept.get(play)
      if (!mine) return { heard: '', heardMs: 0, ofMs: 0 }
      kept.delete(play)
      const { sentences, words, isRendered, through } = mine
      const cursor = furthest(furthest(reached, mine.told), { sentence: through, ms: 0 })
      const lasted = (some: readonly SpokenSentence[]) => some.reduce((sum, { durationMs }) => sum + durationMs, 0)
      const made = sentences.map(({ text }) => text).join('').length
      // What was not made any more is taken to be as long, by its characters, as what was.
      const ofMs = lasted(sentences) * (isRendered || made === 0 ? 1 : Math.max(1, words.text.length / made))
      const heardMs = lasted(sentences.slice(0, cursor.sentence)) + cursor.ms
      return { heard: heardText(sentences, cursor), heardMs: Math.round(heardMs), ofMs: Math.round(ofMs) }
    },

    isSpeaking: () => current !== undefined,
  }
}

/**
 * What the caller says: the voice detector's starts and ends, the words of the recogniser, and a question that is
 * recorded for the desk. One listening at a time is open; one that was ended still owes its words.
 *
 * Invariant: engines in this machine are given the voice and a little around it, never the silence between.
 */
import type { Ears } from '../speech/fail-over-recogniser.ts'
import type { Choice, Listening, ListenOrder } from '../speech/recogniser.ts'
import type { Expectation } from '../turn-taking/expectation.ts'
import type { FloorEvent } from '../turn-taking/floor-events.ts'
import type { VoiceEar } from '../vad/voice-ear.ts'

type Parts = {
  ear: VoiceEar
  ears: Ears
  send: (event: FloorEvent) => void
  phrases: () => readonly string[]
  /** What was just read out. */
  choices: () => readonly string[]
}
export type CallerVoice = ReturnType<typeof callerVoice>

type Recording = { session: number; frames: Uint8Array[]; hasVoice: boolean }

/** 300 ms before the detector is sure of a voice belong to it, and half a second after. */
const framesBefore = 15
const framesAfter = 25
const longestRecordingFrames = 3_000
/** While we speak, our own echo is on the line. */
const raisedWhileSpeakingDb = 6
/** An engine of choices takes whatever it hears for one of them; these stand for all that was not asked for. */
const otherWords = ['我想问医保的事情', '这个应该怎么办理', '您好请问有人在吗', '等一下我先看一看']
const other: readonly Choice[] = otherWords.map((title, at) => ({ id: `other-${at}`, title }))
const person: Choice = { id: 'person', title: '转人工', similar: ['人工', '人工服务', '工作人员'] }

export function callerVoice({ ear, ears, send, phrases, choices }: Parts) {
  const open = new Map<number, Listening>()
  let writing: number | undefined
  let recording: Recording | undefined
  let before: Int16Array[] = []
  let framesOfSilence = 0

  function write(samples: Int16Array): void {
    const listening = writing === undefined ? undefined : open.get(writing)
    framesOfSilence = ear.isSpeaking() ? 0 : framesOfSilence + 1
    const isWanted = listening && (ears.isRemote || framesOfSilence <= framesAfter)
    if (!isWanted) {
      before = [...before, samples].slice(-framesBefore)
      return
    }
    for (const earlier of before) listening.write(earlier)
    before = []
    listening.write(samples)
  }

  function record(frame: Uint8Array): void {
    if (!recording) return
    recording.hasVoice ||= ear.isSpeaking()
    recording.frames.push(frame)
    if (!recording.hasVoice) recording.frames = recording.frames.slice(-framesBefore)
    if (recording.frames.length > longestRecordingFrames) recording.frames.length = longestRecordingFrames
  }

  function over(session: number): void {
    open.get(session)?.close()
    open.delete(session)
    if (writing === session) writing = undefined
  }

  return {
    /** One frame of the call, 160 bytes of A-law. */
    hear(frame: Uint8Array, isSpeaking: boolean): void {
      const { event, samples } = ear.hear(frame, isSpeaking ? raisedWhileSpeakingDb : 0)
      record(frame)
      if (event?.kind === 'start') send({ kind: 'voiceStarted', voicedMs: ear.nowMs() - event.atMs })
      write(samples)
      if (event?.kind === 'end') send({ kind: 'voiceEnded', silentMs: ear.nowMs() - event.atMs })
    },

    start(session: number, expects: Expectation): void {
      if (expects.kind === 'message') {
        recording = { session, frames: [], hasVoice: false }
        return
      }
      framesOfSilence = ear.isSpeaking() ? 0 : framesAfter + 1
      writing = session
      const listening = ears.listen(orderFor(ears, expects, phrases(), choices()), {
        onHypothesis: (text) => send({ kind: 'hypothesis', session, text }),
        onFinal({ text, confidence, mustConfirm, candidates }) {
          if (other.some(({ id }) => id === candidates[0]?.id)) return
          send({ kind: 'final', session, text, confidence, mustConfirm })
        },
        onEnd() {
          over(session)
          send({ kind: 'listeningEnded', session })
        },
        onError() {
          over(session)
          send({ kind: 'listeningEnded', session })
        },
      })
      open.set(session, listening)
    },

    /** Nothing more is written; the words are still to come. */
    end(session: number): void {
      if (writing === session) writing = undefined
      open.get(session)?.end()
    },

    drop(session: number): void {
      over(session)
      if (recording?.session === session) recording = undefined
    },

    /** What was recorded, A-law; the recording is over. */
    recorded(session: number): Uint8Array<ArrayBuffer> {
      const frames = recording?.session === session ? recording.frames : []
      recording = undefined
      return new Uint8Array(Buffer.concat(frames))
    },

    close(): void {
      for (const session of [...open.keys()]) over(session)
      recording = undefined
      ear.close()
    },
  }
}

function orderFor(
  { capability }: Ears,
  expects: Expectation,
  phrases: readonly string[],
  choices: readonly string[],
): ListenOrder {
  if (capability === 'open') return { mode: 'open', phrases: [...choices, ...phrases] }
  const asked = expects.kind === 'choices' ? choices : expects.kind === 'yes-no' ? ['对', '不对'] : []
  return { mode: 'choices', phrases, choices: [...asked.map((title) => ({ id: title, title })), person, ...other] }
}

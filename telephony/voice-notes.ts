/**
 * Voices that came by another channel, written down where callers may say anything: one after the other, because calls
 * come first.
 *
 * Invariant: every ask is answered, with a text only where the engine was sure of all of it.
 */
import { setImmediate as nextTurn } from 'node:timers/promises'
import type { HotlineLink } from './hotline-link.ts'
import type { Log } from './log.ts'
import type { Clock } from './rtp/clock.ts'
import { decodeAlaw } from './rtp/g711.ts'
import type { Speech } from './speech/engines.ts'

type Parts = {
  link: Pick<HotlineLink, 'on'>
  speech: Pick<Speech, 'capability' | 'ears'>
  /** Words to expect. */
  phrases: () => readonly string[]
  clock: Clock
  log: Log
}

const withinMs = 20_000
const mostWaiting = 10
/** 200 ms. */
const sliceSamples = 1_600

export function voiceNotes({ link, speech, phrases, clock, log }: Parts): void {
  let last: Promise<unknown> = Promise.resolve()
  let waiting = 0

  link.on('voice:write-down', ({ alaw }, written) => {
    if (speech.capability !== 'open' || waiting >= mostWaiting) return written({})
    waiting++
    last = last
      .then(() => writeDown(alaw))
      .catch((error: unknown) => void log.error({ err: error }, 'a voice was not written down'))
      .then((text) => written(text ? { text } : {}))
      .finally(() => waiting--)
  })

  async function writeDown(alaw: Uint8Array): Promise<string | undefined> {
    const said: string[] = []
    let isSure = true
    let over: () => void = () => undefined
    const ended = new Promise<void>((resolve) => (over = resolve))
    const listening = speech
      .ears(() => undefined)
      .listen(
        { mode: 'open', phrases: phrases() },
        {
          onFinal({ text, mustConfirm }) {
            said.push(text)
            isSure &&= !mustConfirm
          },
          onEnd: () => over(),
          onError() {
            isSure = false
            over()
          },
        },
      )
    const cancel = clock.after(withinMs, () => {
      isSure = false
      over()
    })
    const samples = decodeAlaw(alaw)
    for (let at = 0; at < samples.length; at += sliceSamples) {
      listening.write(samples.subarray(at, at + sliceSamples))
      await nextTurn()
    }
    listening.end()
    await ended
    cancel()
    listening.close()
    return isSure ? said.join('').trim() : undefined
  }
}

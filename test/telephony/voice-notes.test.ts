/** A voice of another channel at the phone: an engine that takes open speech, played by the test. */
import { describe, expect, it } from 'vitest'
import type { PhoneNews } from '../../contract/phone-events.ts'
import { encodeAlaw } from '../../telephony/rtp/g711.ts'
import { monotonicClock } from '../../telephony/rtp/clock.ts'
import type { Ears } from '../../telephony/speech/fail-over-recogniser.ts'
import type { Hears, RecognitionCapability } from '../../telephony/speech/recogniser.ts'
import { SpeechFault } from '../../telephony/speech/speech-fault.ts'
import { voiceNotes } from '../../telephony/voice-notes.ts'

type WriteDown = PhoneNews['voice:write-down']

/** @param judge what the engine does once all of the voice is there */
function aPhone(capability: RecognitionCapability, judge: (hears: Hears, samples: number) => void) {
  let ask: WriteDown | undefined
  let open = 0
  const most = { open: 0 }
  const ears: Ears = {
    ...{ engine: 'test', capability, isRemote: true },
    listen(_order, hears) {
      let samples = 0
      most.open = Math.max(most.open, ++open)
      return {
        write: (slice) => void (samples += slice.length),
        end: () => setImmediate(() => judge(hears, samples)),
        close: () => void open--,
      }
    },
  }
  voiceNotes({
    link: { on: (_name, told) => void (ask = told as WriteDown) },
    speech: { capability, ears: () => ears },
    phrases: () => ['异地就医怎么备案'],
    clock: monotonicClock,
    log: { info: () => undefined, warn: () => undefined, error: () => undefined },
  })
  const write = (seconds = 1) =>
    new Promise<{ text?: string }>((resolve) => ask?.({ alaw: encodeAlaw(new Int16Array(8_000 * seconds)) }, resolve))
  return { write, most }
}
const final = (text: string, mustConfirm = false) => ({ text, confidence: 0.9, mustConfirm, candidates: [] })

describe('a voice', () => {
  it('is heard whole, and written down sentence by sentence', async () => {
    let heard = 0
    const { write } = aPhone('open', (hears, samples) => {
      heard = samples
      hears.onFinal(final('我在外地，'))
      hears.onFinal(final('看病怎么报销？'))
      hears.onEnd()
    })
    expect(await write(3)).toEqual({ text: '我在外地，看病怎么报销？' })
    expect(heard).toBe(24_000)
  })

  it.each<[string, RecognitionCapability, (hears: Hears) => void]>([
    ['nothing was heard', 'open', (hears) => hears.onEnd()],
    [
      'the engine was not sure',
      'open',
      (hears) => {
        hears.onFinal(final('大概是备案', true))
        hears.onEnd()
      },
    ],
    ['the engine failed', 'open', (hears) => hears.onError(new SpeechFault('test', 'gone'))],
    ['callers choose from what is read out', 'choices', (hears) => hears.onEnd()],
  ])('is left to people where %s', async (_why, capability, judge) => {
    expect(await aPhone(capability, judge).write()).toEqual({})
  })

  it('waits for the one before it', async () => {
    const phone = aPhone('open', (hears) => {
      hears.onFinal(final('好'))
      hears.onEnd()
    })
    expect(await Promise.all([1, 1, 1].map((seconds) => phone.write(seconds)))).toEqual(Array(3).fill({ text: '好' }))
    expect(phone.most.open).toBe(1)
  })
})

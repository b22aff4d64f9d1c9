import { describe, expect, it } from 'vitest'
import type { Clock } from '../../../telephony/rtp/clock.ts'
import { recognition, type RecognitionSwitch } from '../../../telephony/speech/fail-over-recogniser.ts'
import {
  deafRecogniser,
  type Hears,
  type ListenOrder,
  type RecognitionCapability,
  type Recogniser,
} from '../../../telephony/speech/recogniser.ts'
import { SpeechFault } from '../../../telephony/speech/speech-fault.ts'
import { aHearing, tone } from './sounds.ts'

/** Time that goes only when told. */
function aClock() {
  let nowMs = 0
  let timers: { atMs: number; run: () => void }[] = []
  const clock: Clock = {
    nowMs: () => nowMs,
    after(ms, run) {
      const timer = { atMs: nowMs + ms, run }
      timers.push(timer)
      return () => void (timers = timers.filter((one) => one !== timer))
    },
  }
  function pass(ms: number): void {
    nowMs += ms
    const due = timers.filter(({ atMs }) => atMs <= nowMs)
    timers = timers.filter(({ atMs }) => atMs > nowMs)
    for (const { run } of due) run()
  }
  return { clock, pass, waiting: () => timers.length }
}

/** An engine that the test plays: what it was told, and its answers by hand. */
function anEngine(name: string, capability: RecognitionCapability, isRemote = false) {
  const listenings: { hears: Hears; samples: number; hasEnded: boolean; isClosed: boolean }[] = []
  const recogniser: Recogniser = {
    name,
    capability,
    isRemote,
    learn: () => Promise.resolve(),
    listen(_order, hears) {
      const listening = { hears, samples: 0, hasEnded: false, isClosed: false }
      listenings.push(listening)
      return {
        write: ({ length }) => void (listening.samples += length),
        end: () => void (listening.hasEnded = true),
        close: () => void (listening.isClosed = true),
      }
    },
    close: () => Promise.resolve(),
  }
  return { recogniser, listenings, last: () => listenings.at(-1) }
}

const openly: ListenOrder = { mode: 'open', phrases: [] }
const amongChoices: ListenOrder = { mode: 'choices', choices: [{ id: 'a', title: '异地就医' }], phrases: [] }
const heard = { text: '备案', confidence: 1, mustConfirm: false, candidates: [] }
const settled = () => new Promise((resolve) => setImmediate(resolve))

function aCall(engines: readonly [Recogniser, ...Recogniser[]]) {
  const switches: RecognitionSwitch[] = []
  const time = aClock()
  const all = recognition({ engines, clock: time.clock })
  return {
    ears: all.ears((change) => switches.push(change)),
    nextCall: () => all.ears(() => undefined),
    switches,
    ...time,
  }
}

describe('the ears of a call', () => {
  it('give a second engine that can hear it all that was said, and the end of it', async () => {
    const [azure, embedded] = [anEngine('azure', 'open', true), anEngine('pocketsphinx', 'choices')]
    const { ears, switches } = aCall([azure.recogniser, embedded.recogniser, deafRecogniser])
    const hearing = aHearing()
    const listening = ears.listen(amongChoices, hearing.hears)
    listening.write(tone(300, 100))
    listening.end()
    azure.last()?.hears.onError(new SpeechFault('azure', 'first'))
    await settled()
    azure.last()?.hears.onError(new SpeechFault('azure', 'second'))
    await settled()
    expect(embedded.last()).toMatchObject({ samples: 800, hasEnded: true })
    embedded.last()?.hears.onFinal(heard)
    embedded.last()?.hears.onEnd()
    await hearing.over
    expect(hearing.finals).toEqual([heard])
    expect(switches).toMatchObject([{ from: 'azure', to: 'pocketsphinx', tellCaller: true, capability: 'choices' }])
    expect(azure.listenings.every(({ isClosed }) => isClosed)).toBe(true)
  })

  it('end the listening where the next engine cannot hear what was asked', async () => {
    const [azure, embedded] = [anEngine('azure', 'open', true), anEngine('pocketsphinx', 'choices')]
    const { ears, pass, waiting } = aCall([azure.recogniser, embedded.recogniser, deafRecogniser])
    const hearing = aHearing()
    ears.listen(openly, hearing.hears)
    pass(3_000)
    await hearing.over
    expect([hearing.finals, hearing.faults]).toEqual([[], []])
    expect([ears.engine, ears.capability, embedded.listenings.length]).toEqual(['pocketsphinx', 'choices', 0])
    expect(waiting()).toBe(0)
  })

  it('do not wait for a connection that is there, and wait again when it is lost', () => {
    const azure = anEngine('azure', 'open', true)
    const { ears, pass, switches } = aCall([azure.recogniser, deafRecogniser])
    ears.listen(openly, aHearing().hears)
    pass(2_000)
    azure.last()?.hears.onConnection?.(true)
    pass(60_000)
    expect(switches).toEqual([])
    azure.last()?.hears.onConnection?.(false)
    pass(2_900)
    expect(switches).toEqual([])
    pass(200)
    expect(switches).toMatchObject([{ reason: 'no-connection' }])
  })

  it('forget what was judged, and what an engine says too late', async () => {
    const azure = anEngine('azure', 'open', true)
    const { ears } = aCall([azure.recogniser, deafRecogniser])
    const hearing = aHearing()
    const listening = ears.listen(openly, hearing.hears)
    listening.write(tone(300, 100))
    azure.last()?.hears.onFinal(heard)
    azure.last()?.hears.onError(new SpeechFault('azure', 'once'))
    await settled()
    expect(azure.last()?.samples).toBe(0)
    listening.close()
    azure.last()?.hears.onFinal(heard)
    expect(hearing.finals).toHaveLength(1)
  })

  it('stay with the last engine, and say when it fails twice', async () => {
    const only = anEngine('pocketsphinx', 'choices')
    const { ears, switches } = aCall([only.recogniser])
    const hearing = aHearing()
    ears.listen(amongChoices, hearing.hears)
    for (const n of ['one', 'two']) {
      only.last()?.hears.onError(new SpeechFault('pocketsphinx', n))
      await settled()
    }
    expect(hearing.faults.map(({ message }) => message)).toEqual(['pocketsphinx: two'])
    expect(switches).toEqual([])
  })

  it('begin a new call with the engine that works, and try the other again after a minute', () => {
    const [azure, embedded] = [anEngine('azure', 'open', true), anEngine('pocketsphinx', 'choices')]
    const { ears, pass, nextCall } = aCall([azure.recogniser, embedded.recogniser, deafRecogniser])
    ears.listen(openly, aHearing().hears)
    pass(3_000)
    expect(nextCall().engine).toBe('pocketsphinx')
    pass(60_000)
    expect(nextCall().engine).toBe('azure')
  })

  it('hear nothing without an engine, and end all the same', async () => {
    const { ears } = aCall([deafRecogniser])
    const hearing = aHearing()
    expect(ears.capability).toBe('none')
    ears.listen(openly, hearing.hears)
    await hearing.over
    expect([hearing.finals, hearing.faults]).toEqual([[], []])
  })
})

/** Random things that happen on a call, with the order of things kept only where the world keeps it. */
import fc from 'fast-check'
import type { Expectation } from '../../../telephony/turn-taking/expectation.ts'
import { keys } from '../../../telephony/turn-taking/call-keys.ts'
import { aLine, type Call } from './a-call.ts'

export const capabilityNames = ['none', 'choices', 'open'] as const

const expectations = fc.constantFrom<Expectation>(
  { kind: 'open' },
  { kind: 'topic' },
  { kind: 'choices', count: 1 },
  { kind: 'choices', count: 3 },
  { kind: 'yes-no' },
  { kind: 'number' },
  { kind: 'rating' },
  { kind: 'message' },
  { kind: 'nothing' },
)
const phrases = fc.constantFrom(
  '',
  '嗯',
  '好的',
  '不对',
  '对',
  '人工',
  '再说一遍',
  '喂',
  '第二个',
  '我问的是异地就医',
  '生育津贴',
  '一三八',
)
const confidences = fc.constantFrom(0.2, 0.5, 0.9)

type Saying = { kind: 'say'; expects: Expectation; interruptible: boolean }
export type Happening =
  | Saying
  | { kind: 'wait'; ms: number }
  | { kind: 'voiceStarted' }
  | { kind: 'voiceEnded' }
  | { kind: 'hypothesis'; words: string }
  | { kind: 'final'; words: string; confidence: number; mustConfirm: boolean; isLate: boolean }
  | { kind: 'listeningEnded' }
  | { kind: 'key'; key: (typeof keys)[number] }
  | { kind: 'capabilityChanged'; capability: (typeof capabilityNames)[number] }
  | {
      kind:
        | 'held'
        | 'unheld'
        | 'bridged'
        | 'returned'
        | 'queued'
        | 'missed'
        | 'stillWaiting'
        | 'thinkingStarted'
        | 'thinkingEnded'
    }

export const happenings: fc.Arbitrary<Happening> = fc.oneof(
  { weight: 6, arbitrary: fc.record({ kind: fc.constant('wait' as const), ms: fc.integer({ min: 1, max: 7_000 }) }) },
  {
    weight: 4,
    arbitrary: fc.record({ kind: fc.constant('say' as const), expects: expectations, interruptible: fc.boolean() }),
  },
  { weight: 4, arbitrary: fc.constant<Happening>({ kind: 'voiceStarted' }) },
  { weight: 4, arbitrary: fc.constant<Happening>({ kind: 'voiceEnded' }) },
  { weight: 3, arbitrary: fc.record({ kind: fc.constant('hypothesis' as const), words: phrases }) },
  {
    weight: 5,
    arbitrary: fc.record({
      kind: fc.constant('final' as const),
      words: phrases,
      confidence: confidences,
      mustConfirm: fc.boolean(),
      isLate: fc.boolean(),
    }),
  },
  { weight: 2, arbitrary: fc.constant<Happening>({ kind: 'listeningEnded' }) },
  { weight: 4, arbitrary: fc.record({ kind: fc.constant('key' as const), key: fc.constantFrom(...keys) }) },
  {
    weight: 1,
    arbitrary: fc.record({
      kind: fc.constant('capabilityChanged' as const),
      capability: fc.constantFrom(...capabilityNames),
    }),
  },
  {
    weight: 3,
    arbitrary: fc
      .constantFrom(
        'held' as const,
        'unheld' as const,
        'unheld' as const,
        'bridged' as const,
        'returned' as const,
        'returned' as const,
        'queued' as const,
        'missed' as const,
        'stillWaiting' as const,
        'thinkingStarted' as const,
        'thinkingEnded' as const,
      )
      .map((kind): Happening => ({ kind })),
  },
)

/** Recognised words carry a number of their own, so that a test sees whether they were taken twice. */
export function happen(call: Call, one: Happening): void {
  const number = call.log.length + call.now()
  const session = call.state().listening?.session ?? 0
  switch (one.kind) {
    case 'wait':
      return call.wait(one.ms)
    case 'say':
      call.say(aLine(`line-${number}-${lines++}`, one.expects, one.interruptible))
      return
    case 'voiceStarted':
      call.send({ kind: 'voiceStarted', voicedMs: 60 })
      return
    case 'voiceEnded':
      call.send({ kind: 'voiceEnded', silentMs: 0 })
      return
    case 'hypothesis':
      call.send({ kind: 'hypothesis', session, text: one.words })
      return
    case 'final': {
      const { deciding } = call.state()
      const heardBy = one.isLate ? (deciding?.session ?? session - 1) : session
      const text = one.words.length >= 4 && one.words !== '再说一遍' ? `${one.words}#${lines++}` : one.words
      call.send({ kind: 'final', session: heardBy, text, confidence: one.confidence, mustConfirm: one.mustConfirm })
      return
    }
    case 'listeningEnded':
      call.send({ kind: 'listeningEnded', session: call.state().deciding?.session ?? session })
      return
    case 'key':
      call.key(one.key)
      return
    case 'capabilityChanged':
      call.send({ kind: 'capabilityChanged', capability: one.capability })
      return
    case 'held':
    case 'unheld':
    case 'bridged':
    case 'returned':
    case 'queued':
    case 'missed':
    case 'stillWaiting':
    case 'thinkingStarted':
    case 'thinkingEnded':
      call.send({ kind: one.kind })
  }
}

let lines = 0

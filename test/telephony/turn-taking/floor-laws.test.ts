/** What holds of every call, however it goes: random callers, servers and recognisers against the laws of the floor. */
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { capabilityNames, type Happening, happenings, happen } from './happenings.ts'
import { aCall, sentenceCount, type Call } from './a-call.ts'

const calls = { numRuns: 400 }
const aStory = fc.record({
  capability: fc.constantFrom(...capabilityNames),
  story: fc.array(happenings, { maxLength: 40 }),
})

const isRating = (one: Happening) => one.kind === 'say' && one.expects.kind === 'rating'

function live(given: { capability: (typeof capabilityNames)[number]; story: Happening[] }, hasPlayer = true): Call {
  const { capability, story } = given
  const call = aCall(capability, { hasPlayer })
  call.send({ kind: 'answered', withNotice: story.length % 2 === 0 })
  for (const one of story) happen(call, one)
  return call
}

describe('whatever happened before', () => {
  it('key 0 leads to a person', () => {
    fc.assert(
      fc.property(aStory, (given) => {
        const call = live(given)
        if (call.state().stage === 'ended') return
        const wasTyping = call.state().expects.kind === 'number' && call.state().typed !== ''
        const asked = call.of('person').length
        const before = call.state().stage
        call.key('0')
        if (wasTyping) return // a 0 inside a telephone number is a digit
        call.wait(2_000)
        expect(['waiting', 'person']).toContain(call.state().stage)
        if (before === 'bot' || before === 'leaving') expect(call.of('person')).toHaveLength(asked + 1)
      }),
      calls,
    )
  })

  it('a caller who does nothing more, and whom nothing more is told, comes to the end within minutes', () => {
    fc.assert(
      fc.property(aStory, fc.boolean(), (given, hasPlayer) => {
        const call = live(given, hasPlayer)
        const { stage } = call.state()
        if (stage === 'person' || stage === 'ended') return
        call.wait(12 * 60_000)
        expect(call.state().stage).toBe('ended')
        expect(call.of('hangUp')).toHaveLength(1)
      }),
      calls,
    )
  })

  it('the end is reached by way of a person or a callback, but after a rating or a goodbye', () => {
    fc.assert(
      fc.property(aStory, (given) => {
        const call = live({ ...given, story: given.story.filter((one) => !isRating(one)) })
        const { stage, isHeld, ladders } = call.state()
        if (stage !== 'bot' || isHeld || ladders.silences > 3) return
        const asked = call.of('person').length + call.of('callback').length
        call.wait(3 * 60_000)
        expect(call.of('person').length + call.of('callback').length).toBeGreaterThan(asked)
      }),
      calls,
    )
  })

  it('nothing is played on hold, and no bot talks into a talk between people', () => {
    fc.assert(
      fc.property(aStory, (given) => {
        const call = live(given)
        call.send({ kind: 'held' })
        const { length } = call.log
        for (const one of given.story) if (one.kind !== 'unheld') happen(call, one)
        const since = call.log.slice(length).map(({ action }) => action.kind)
        expect(since).not.toContain('play')
        expect(since).not.toContain('resume')
        expect(since).not.toContain('startListening')

        const bridged = live(given)
        bridged.send({ kind: 'bridged' })
        const atBridge = bridged.log.length
        for (const one of given.story) if (one.kind !== 'returned') happen(bridged, one)
        expect(bridged.log.slice(atBridge).map(({ action }) => action.kind)).not.toContain('play')
      }),
      calls,
    )
  })

  it('words of the caller are committed once', () => {
    fc.assert(
      fc.property(aStory, (given) => {
        const call = live(given)
        call.wait(10_000)
        const marks = call.committed().flatMap((text) => text.match(/#\d+/g) ?? [])
        expect(new Set(marks).size).toBe(marks.length)
        const messages = call.of('commitMessage').map(({ session }) => session)
        expect(new Set(messages).size).toBe(messages.length)
      }),
      calls,
    )
  })

  it('no sentence of a speech is skipped', () => {
    fc.assert(
      fc.property(aStory, (given) => {
        const call = live(given)
        const reached = new Map<number, number>()
        for (const { play, sentence } of call.sounds) {
          const before = reached.get(play) ?? -1
          expect(sentence).toBeLessThanOrEqual(before + 1)
          reached.set(play, Math.max(before, sentence))
        }
        for (const { play, isWhole } of call.of('heard'))
          if (isWhole && play !== undefined) expect(reached.get(play)).toBe(sentenceCount - 1)
      }),
      calls,
    )
  })

  it('each speech is reported once, one at a time is played, and each begun one ends', () => {
    fc.assert(
      fc.property(aStory, (given) => {
        const call = live(given)
        call.send({ kind: 'hungUp' })
        const begun = call.of('play').map(({ play }) => play)
        const told = call.of('heard').flatMap(({ play }) => play ?? [])
        expect(told).toEqual(begun)
        const lines = call.of('heard').filter(({ speech }) => speech.id.startsWith('line-'))
        expect(new Set(lines.map(({ speech }) => speech.id)).size).toBe(
          given.story.filter(({ kind }) => kind === 'say').length,
        )
      }),
      calls,
    )
  })

  it('no voice and no key but 0 cuts what must be heard out', () => {
    fc.assert(
      fc.property(aStory, (given) => {
        const call = aCall(given.capability)
        call.send({ kind: 'answered', withNotice: true })
        for (const one of given.story) {
          const sounding = call.sounding()
          const { length } = call.log
          const at = call.now()
          happen(call, one)
          const isCallers = ['voiceStarted', 'voiceEnded', 'hypothesis', 'final', 'key'].includes(one.kind)
          if (!isCallers || !sounding || sounding.speech.interruptible || (one.kind === 'key' && one.key === '0'))
            continue
          expect(
            call.log
              .slice(length)
              .filter((entry) => entry.at === at)
              .map(({ action }) => action.kind),
          ).not.toContain('stopPlaying')
        }
      }),
      calls,
    )
  })

  it('every recognition that was opened is closed, one at a time', () => {
    fc.assert(
      fc.property(aStory, (given) => {
        // An engine that ends of itself needs no closing: left out here.
        const call = live({ ...given, story: given.story.filter(({ kind }) => kind !== 'listeningEnded') })
        call.send({ kind: 'hungUp' })
        let open: number | undefined
        for (const action of call.actions()) {
          if (action.kind === 'startListening') {
            expect(open).toBeUndefined()
            open = action.session
          }
          const closes =
            action.kind === 'stopListening' || action.kind === 'endListening' || action.kind === 'commitMessage'
          if (closes && action.session === open) open = undefined
        }
        expect(open).toBeUndefined()
      }),
      calls,
    )
  })

  it('an open question is asked, and open words are listened for, only while the recogniser can take them', () => {
    const openPrompts = ['ask-open', 'silence-open', 'silence-open-keys']
    fc.assert(
      fc.property(aStory, (given) => {
        let capability = given.capability
        const call = aCall(capability)
        call.send({ kind: 'answered', withNotice: false })
        for (const one of given.story) {
          const { length } = call.log
          if (one.kind === 'capabilityChanged') capability = one.capability
          happen(call, one)
          if (capability === 'open') continue
          for (const { action } of call.log.slice(length)) {
            if (action.kind === 'play') expect(openPrompts).not.toContain(action.speech.id)
            if (action.kind === 'startListening') expect(action.expects.kind).not.toBe('open')
          }
        }
      }),
      calls,
    )
  })

  it('a deaf line is never asked to be spoken to, but for a recording', () => {
    fc.assert(
      fc.property(aStory, (given) => {
        const call = live({ capability: 'none', story: given.story.filter(({ kind }) => kind !== 'capabilityChanged') })
        expect(call.of('startListening').filter(({ expects }) => expects.kind !== 'message')).toEqual([])
        expect(call.said()).not.toContain('ask-open')
        expect(call.said()).not.toContain('silence-open')
        expect(call.said()).not.toContain('no-match')
      }),
      calls,
    )
  })
})

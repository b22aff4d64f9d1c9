/** One call, one way for its agent's sound. */
import { expect, it } from 'vitest'
import { agentLegs } from '../../../telephony/agent-sound/agent-legs.ts'

const frame = (byte: number) => new Uint8Array(160).fill(byte)

function aRouter(up: readonly string[] = ['call']) {
  const calls = new Set(up)
  const overLink: number[] = []
  const toCall: number[] = []
  const router = agentLegs({
    isUp: (id) => calls.has(id),
    overLink: (_, alaw) => void overLink.push(alaw[0] ?? -1),
    toCall: (_, alaw) => void toCall.push(alaw[0] ?? -1),
  })
  return { router, overLink, toCall }
}

function aLeg() {
  const sent: number[] = []
  let closed = 0
  return {
    sent,
    closed: () => closed,
    leg: { send: (alaw: Uint8Array) => void sent.push(alaw[0] ?? -1), close: () => void closed++ },
  }
}

it('sends over the link until a leg is bound, and again after it let go', () => {
  const { router, overLink, toCall } = aRouter()
  const mine = aLeg()
  router.send('call', frame(1))
  router.fromLink('call', frame(2))
  const bound = router.bind('call', mine.leg)
  router.send('call', frame(3))
  router.fromLink('call', frame(4))
  bound?.hear(frame(5))
  bound?.release()
  bound?.hear(frame(6))
  router.send('call', frame(7))
  router.fromLink('call', frame(8))
  expect({ overLink, toCall, leg: mine.sent }).toEqual({ overLink: [1, 7], toCall: [2, 5, 8], leg: [3] })
  expect(mine.closed()).toBe(0)
})

it('closes the leg that another one replaces, and hears it no more', () => {
  const { router, toCall } = aRouter()
  const [first, second] = [aLeg(), aLeg()]
  const early = router.bind('call', first.leg)
  const late = router.bind('call', second.leg)
  early?.hear(frame(1))
  early?.release()
  late?.hear(frame(2))
  router.send('call', frame(3))
  expect({ toCall, first: first.sent, second: second.sent }).toEqual({ toCall: [2], first: [], second: [3] })
  expect([first.closed(), second.closed()]).toEqual([1, 0])
})

it('closes each leg once when its call is over, and binds none to a call that is not up', () => {
  const { router, overLink } = aRouter(['call', 'other'])
  const [mine, theirs] = [aLeg(), aLeg()]
  router.bind('call', mine.leg)
  router.bind('other', theirs.leg)
  expect(router.bound()).toBe(2)
  router.part('call')
  router.part('call')
  router.partAll()
  expect([mine.closed(), theirs.closed(), router.bound()]).toEqual([1, 1, 0])
  router.send('call', frame(1))
  expect(overLink).toEqual([1])
  expect(router.bind('gone', mine.leg)).toBeUndefined()
})

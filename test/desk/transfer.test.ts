/** A transfer's rules: whatever happens in whatever order, it is settled once, by whom it may be, in its time. */
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { Problem } from '../../contract/problem.ts'
import { after, expiresAt, transferLimitMs, type Transfer, type TransferEvent } from '../../desk/transfer.ts'

const begun = new Date('2026-11-23T02:00:00Z')
const asked: Transfer = {
  id: 't',
  conversationId: 'c',
  fromStaffId: 'giver',
  toStaffId: 'colleague',
  reason: '生育津贴的问题',
  askedAt: begun,
  state: 'asked',
}
const at = (ms: number) => new Date(begun.getTime() + ms)

const somebody = fc.constantFrom('giver', 'colleague', 'stranger')
const event: fc.Arbitrary<TransferEvent> = fc.oneof(
  fc.record({ kind: fc.constant('accept' as const), by: somebody }),
  fc.record({ kind: fc.constant('decline' as const), by: somebody, note: fc.constant('忙') }),
  fc.record({ kind: fc.constant('take-back' as const), by: somebody }),
  fc.constant({ kind: 'look' as const }),
  fc.constant({ kind: 'left' as const }),
)
/** What happens, each so long after the one before. */
const story = fc.array(fc.tuple(event, fc.nat({ max: 40_000 })), { maxLength: 12 })

type Step = { before: Transfer; event: TransferEvent; atMs: number; then: Transfer | Problem }
function live(happenings: readonly [TransferEvent, number][]): Step[] {
  let transfer = asked
  let ms = 0
  return happenings.map(([what, later]) => {
    ms += later
    const before = transfer
    let then: Transfer | Problem
    try {
      then = after(before, what, at(ms))
      transfer = then
    } catch (error) {
      if (!(error instanceof Problem)) throw error
      then = error
    }
    return { before, event: what, atMs: ms, then }
  })
}

describe('whatever happens', () => {
  it('is settled at most once, and stays as it was settled', () => {
    fc.assert(
      fc.property(story, (happenings) => {
        for (const { before, then } of live(happenings)) {
          if (then instanceof Problem || before.state === 'asked') continue
          expect(then).toBe(before)
        }
      }),
    )
  })

  it('has the time of its settling exactly when it is settled', () => {
    fc.assert(
      fc.property(story, (happenings) => {
        for (const { then } of live(happenings)) {
          if (then instanceof Problem) continue
          expect(then.settledAt === undefined).toBe(then.state === 'asked')
        }
      }),
    )
  })

  it('moves to the colleague by that colleague’s word alone, and only in time', () => {
    fc.assert(
      fc.property(story, (happenings) => {
        for (const { before, event: what, atMs, then } of live(happenings)) {
          if (then instanceof Problem || then.state !== 'accepted' || before.state === 'accepted') continue
          expect(what).toEqual({ kind: 'accept', by: 'colleague' })
          expect(atMs).toBeLessThan(transferLimitMs)
        }
      }),
    )
  })

  it('refuses every move of somebody whose move it is not, and changes nothing by it', () => {
    fc.assert(
      fc.property(story, (happenings) => {
        for (const { event: what, then } of live(happenings)) {
          if (!('by' in what)) continue
          const mine = what.kind === 'take-back' ? 'giver' : 'colleague'
          if (what.by !== mine) expect(then).toMatchObject({ code: 'not_allowed' })
        }
      }),
    )
  })

  it('never stays open past its time once somebody has looked', () => {
    fc.assert(
      fc.property(story, (happenings) => {
        const steps = live([...happenings, [{ kind: 'look' }, transferLimitMs]])
        const last = steps.at(-1)?.then
        expect(last instanceof Problem ? 'refused' : last?.state).not.toBe('asked')
      }),
    )
  })
})

it('stands for sixty seconds and no longer', () => {
  const accept: TransferEvent = { kind: 'accept', by: 'colleague' }
  expect(expiresAt(asked)).toEqual(at(60_000))
  expect(after(asked, accept, at(59_999)).state).toBe('accepted')
  expect(after(asked, accept, at(60_000)).state).toBe('expired')
  expect(after(asked, { kind: 'look' }, at(59_999))).toBe(asked)
})

it('takes the same answer twice, and no other one after it', () => {
  const accepted = after(asked, { kind: 'accept', by: 'colleague' }, at(1_000))
  expect(after(accepted, { kind: 'accept', by: 'colleague' }, at(90_000))).toBe(accepted)
  expect(() => after(accepted, { kind: 'decline', by: 'colleague' }, at(2_000))).toThrow(
    expect.objectContaining({ code: 'transfer_over' }),
  )
  expect(() => after(accepted, { kind: 'take-back', by: 'giver' }, at(2_000))).toThrow(
    expect.objectContaining({ code: 'transfer_over' }),
  )
})

it('keeps why it was declined', () => {
  const declined = after(asked, { kind: 'decline', by: 'colleague', note: '手上有急事' }, at(1_000))
  expect(declined).toMatchObject({ state: 'declined', note: '手上有急事', reason: asked.reason })
})

import { expect, it } from 'vitest'
import { written } from '../../web-widget/conversation.ts'
import { keptIn, type Shelf } from '../../web-widget/kept.ts'
import { clockTime, calendarDay, fieldOfMoment, momentOfField } from '../../web-widget/dates.ts'
import { masked } from '../../web-widget/masked.ts'

function aShelf(): Shelf & { held: Map<string, string> } {
  const held = new Map<string, string>()
  return {
    held,
    getItem: (key) => held.get(key) ?? null,
    setItem: (key, value) => void held.set(key, value),
    removeItem: (key) => void held.delete(key),
  }
}
const aMessage = (clientId: string) => ({ clientId, text: '怎么备案？', writtenAt: '2026-11-22T01:00:00.000Z' })

it('gives back what was written and not sent after a reload', () => {
  const shelf = aShelf()
  const kept = keptIn(shelf)
  const before = kept.conversation()
  kept.keepConversation(written(before, aMessage('client-01')), before)
  expect(keptIn(shelf).conversation().outgoing).toEqual([aMessage('client-01')])
})

it('leaves the unsent words of another tab where they are', () => {
  const shelf = aShelf()
  const [one, two] = [keptIn(shelf), keptIn(shelf)]
  const [inOne, inTwo] = [one.conversation(), two.conversation()]
  const wroteOne = written(inOne, aMessage('client-01'))
  one.keepConversation(wroteOne, inOne)
  two.keepConversation(written(inTwo, aMessage('client-02')), inTwo)
  one.keepConversation(inOne, wroteOne)
  expect(keptIn(shelf).conversation().outgoing).toEqual([aMessage('client-02')])
})

it('starts afresh from a shelf that holds nonsense', () => {
  const shelf = aShelf()
  for (const key of ['outgoing', 'ratings', 'judged', 'read', 'conversation'])
    shelf.held.set(`budayang:${key}`, key === 'read' ? '"three"' : '{"broken":')
  shelf.held.set('budayang:outgoing', '[{"clientId":7},null]')
  expect(keptIn(shelf).conversation()).toMatchObject({ id: undefined, outgoing: [], ratings: [], readSeq: 0 })
})

it('goes on in memory when the shelf refuses everything', () => {
  const refuse = () => {
    throw new Error('blocked')
  }
  const kept = keptIn({ getItem: refuse, setItem: refuse, removeItem: refuse })
  const before = kept.conversation()
  expect(() => kept.keepConversation(written(before, aMessage('client-01')), before)).not.toThrow()
})

it('hides numbers that name a person and leaves the others', () => {
  expect(masked('身份证340602199001011234，手机13856781234')).toBe('身份证340602********1234，手机138****1234')
  expect(masked('34060219900101123X')).toBe('340602********123X')
  expect(masked('拨打12393，或者0561-3012345，2026年1月1日起')).toBe('拨打12393，或者0561-3012345，2026年1月1日起')
  expect(masked('订单号 138567812345678')).toBe('订单号 138567812345678')
})

it("tells days and hours in the bureau's zone", () => {
  expect(calendarDay('2026-12-09')).toBe('2026年12月9日')
  expect(calendarDay('2026-12-08T17:30:00.000Z')).toBe('2026年12月9日')
  expect(clockTime('2026-12-08T17:05:00.000Z')).toBe('01:05')
  expect(momentOfField('2026-11-23T09:30')).toBe('2026-11-23T09:30:00+08:00')
  expect(momentOfField('')).toBeUndefined()
  expect(fieldOfMoment(new Date('2026-11-22T17:30:00Z'))).toBe('2026-11-23T01:30')
})

import { randomBytes, randomUUID } from 'node:crypto'
import { expect, it } from 'vitest'
import { reasonsByLevel } from '../../contract/rating.ts'
import { mustBeDistinct, versionOf } from '../../desk/reasons.ts'
import { windowTokens } from '../../desk/window-token.ts'

const versions = [
  { version: 3, lists: { ...reasonsByLevel, 1: ['推诿', '等候太久'] } },
  { version: 2, lists: { ...reasonsByLevel, 1: ['推诿', '态度恶劣'] } },
]

it('takes the newest version that knows what was sent, and names what none knows', () => {
  expect(versionOf(versions, 1, [])).toBe(3)
  expect(versionOf(versions, 1, ['推诿'])).toBe(3)
  expect(versionOf(versions, 1, ['推诿', '态度恶劣'])).toBe(2)
  expect(() => versionOf(versions, 1, ['推诿', '多次往返'])).toThrow(
    expect.objectContaining({
      code: 'invalid_input',
      fields: [{ path: 'reasons.1', message: '不是这一档的评价理由' }],
    }),
  )
  // Each from another version: no list ever had both.
  expect(() => versionOf(versions, 1, ['等候太久', '态度恶劣'])).toThrow('reasons.1')
})

it('names a reason that stands twice', () => {
  expect(() => mustBeDistinct(reasonsByLevel)).not.toThrow()
  expect(() => mustBeDistinct({ ...reasonsByLevel, 4: ['满意', '快', '快'] })).toThrow(
    expect.objectContaining({ fields: [{ path: '4.2', message: '这条理由写了两遍' }] }),
  )
})

it('reads its own tickets of a window, and no ticket that was touched', () => {
  const tokens = windowTokens(randomBytes(32))
  const [ratingId, windowId, now] = [randomUUID(), randomUUID(), new Date('2026-11-22T12:00:00+08:00')]
  const token = tokens.make(ratingId, windowId, now)
  expect(tokens.read(token)).toEqual({ ratingId, windowId, closesAt: new Date(now.getTime() + 30 * 60_000) })
  expect(windowTokens(randomBytes(32)).read(token)).toBeUndefined()
  expect(tokens.read(`${token}A`)).toBeUndefined()
  for (const at of [0, 20, 46, token.length - 1]) {
    const other = token[at] === 'A' ? 'B' : 'A'
    expect(tokens.read(`${token.slice(0, at)}${other}${token.slice(at + 1)}`)).toBeUndefined()
  }
})

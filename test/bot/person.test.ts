import { expect, it } from 'vitest'
import { groupsOf, newestOf, type Join } from '../../bot/person.ts'

const at = (minute: number) => new Date(Date.UTC(2026, 10, 22, 10, minute))
const joined = (id: string, contactId: string, otherId: string, minute = 0): Join => ({
  ...{ id, contactId, otherId, how: 'rang_back', at: at(minute) },
})

it('holds together whoever is joined over others, and nobody else', () => {
  const joins = [joined('1', 'web', 'phone'), joined('2', 'phone', 'wechat'), joined('3', 'other', 'other')]
  expect(groupsOf(['web', 'other', 'phone', 'wechat'], joins)).toEqual([['web', 'phone', 'wechat'], ['other']])
})

it('falls apart where the one join between two groups is taken out, and nowhere else', () => {
  const joins = [joined('1', 'a', 'b'), joined('2', 'c', 'd'), joined('3', 'b', 'c'), joined('4', 'a', 'b')]
  const without = (id: string) =>
    groupsOf(
      ['a', 'b', 'c', 'd'],
      joins.filter((join) => join.id !== id),
    )
  expect(without('3')).toEqual([
    ['a', 'b'],
    ['c', 'd'],
  ])
  // Found twice, so one of the two may go.
  expect(without('1')).toEqual([['a', 'b', 'c', 'd']])
})

it('tells the newest finding about a contact, on whichever side it stands', () => {
  const joins = [joined('1', 'a', 'b', 1), joined('2', 'b', 'c', 3), joined('3', 'a', 'd', 2)]
  expect(newestOf(joins, 'b')?.id).toBe('2')
  expect(newestOf(joins, 'd')?.id).toBe('3')
  expect(newestOf(joins, 'e')).toBeUndefined()
})

import { expect, it } from 'vitest'
import { places } from '../../desk/queue.ts'

it('counts places from 1 and shares the wait among those who take conversations', () => {
  expect(places(['a', 'b', 'c'], 2, 301)).toEqual([
    { conversationId: 'a', place: 1, waitSeconds: 151 },
    { conversationId: 'b', place: 2, waitSeconds: 301 },
    { conversationId: 'c', place: 3, waitSeconds: 452 },
  ])
})

it('guesses as for one agent when nobody is there, and knows an empty queue', () => {
  expect(places(['a'], 0, 240)).toEqual([{ conversationId: 'a', place: 1, waitSeconds: 240 }])
  expect(places([], 3, 240)).toEqual([])
})

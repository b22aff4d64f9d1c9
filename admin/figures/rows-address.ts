/** Where the rows behind a figure are: of a stretch, and of one part of it where the figure was split. */
import type { FigureId, Split } from '../../contract/figure.ts'
import { ownDays } from './period.ts'

type Query = Record<string, string>

export function rowsAddress(id: FigureId, stretch: Query, part: Query = {}) {
  return { name: 'figure-rows', params: { id }, query: { ...stretch, ...part } }
}

/** What narrows the rows down to one part of a split. */
export function partOf(by: Split, key: string): Query {
  return by === 'day' ? { period: ownDays, from: key, to: key } : { [by]: key }
}

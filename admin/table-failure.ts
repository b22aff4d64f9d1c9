/** What the server says of a table that it does not take. */
import { ApiError } from './api.ts'
import { wordsOf } from './tell.ts'

export type TableFailure = { words: string; cells: readonly string[] }

export function tableFailure(error: unknown): TableFailure {
  const cells = error instanceof ApiError ? error.fields.map(({ message }) => message) : []
  return { words: wordsOf(error), cells }
}

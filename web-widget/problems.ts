/** A refusal in words that say what to do next, and the words that belong beside one field. */
import type { Outcome } from './connection.ts'
import { wording } from './wording.ts'

type Refusal = Extract<Outcome<never>, { ok: false }>

export const wordsFor = (refusal: Refusal) => wording.problems[refusal.code]

/** What the server says of one field; undefined when it says nothing of it. */
export const wordsForField = (refusal: Refusal | undefined, path: string) =>
  refusal?.fields?.find((field) => field.path === path)?.message

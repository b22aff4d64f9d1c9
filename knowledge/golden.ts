/**
 * Golden questions: what callers ask, with the entry that answers it, written by somebody who had not read the entries'
 * own similar questions. `npm run bench:golden` tries the shipped packs on them. The half called fit may be worked on;
 * the half called test is only measured.
 *
 * Invariant: which half a row stands in is settled by its entry's id, or by its own where no entry answers it, so that no
 * entry has questions in both.
 */
import { createHash } from 'node:crypto'
import { readFile } from 'node:fs/promises'
import { z } from 'zod'
import { entryId } from '../contract/entry.ts'
import { cityCode, insuranceSchema, text } from '../contract/text.ts'
import { inSlices, type Steps } from './search/steps.ts'

const asked = {
  id: z.string().regex(/^g-[a-z0-9]+(-[a-z0-9]+)*-\d+$/),
  text: text(500),
  /** Whose insurance the conversation is known to be about. */
  region: cityCode.optional(),
  insurance: insuranceSchema.optional(),
}
/** `asr`: as a speech recogniser writes it. `planned`: the packs do not hold the entry yet. */
const answeredSchema = z.strictObject({
  ...asked,
  entry: entryId,
  kind: z.enum(['clean', 'asr']),
  planned: z.literal(true).optional(),
})
/** `near`: of another office. `uncovered`: of medical insurance, and in no entry. */
const unansweredSchema = z.strictObject({ ...asked, entry: z.null(), kind: z.enum(['far', 'near', 'uncovered']) })

export const goldenRowSchema = z.discriminatedUnion('kind', [answeredSchema, unansweredSchema])
export type GoldenRow = z.infer<typeof goldenRowSchema>

/** What somebody judged a question from elsewhere to be answered by; null: by no entry. */
export const goldenLabelSchema = z.strictObject({
  id: text(80),
  entry: entryId.nullable(),
  reason: text(300).optional(),
})
export type GoldenLabel = z.infer<typeof goldenLabelSchema>

export type Half = 'fit' | 'test'

/** @param row `entry` null: the row's own id decides. About as many fall to either half. */
export function halfOf({ id, entry }: { id: string; entry: string | null }): Half {
  const [first = 0] = createHash('sha256')
    .update(entry ?? id)
    .digest()
  return first % 2 === 0 ? 'fit' : 'test'
}

/** @throws when a line is not such a row; it is named by its number, never by its text. */
export function readGolden(file: string): Promise<GoldenRow[]> {
  return readLines(file, goldenRowSchema)
}

/** @throws as readGolden. */
export function readGoldenLabels(file: string): Promise<GoldenLabel[]> {
  return readLines(file, goldenLabelSchema)
}

async function readLines<S extends z.ZodType>(file: string, schema: S): Promise<z.output<S>[]> {
  return inSlices(readSteps(file, (await readFile(file, 'utf8')).split('\n'), schema))
}

function* readSteps<S extends z.ZodType>(file: string, lines: readonly string[], schema: S): Steps<z.output<S>[]> {
  const rows: z.output<S>[] = []
  for (const [at, line] of lines.entries()) {
    yield
    if (line.trim() === '') continue
    const parsed = schema.safeParse(jsonOf(line))
    if (parsed.success) rows.push(parsed.data)
    else {
      const faults = parsed.error.issues.map(({ path, message }) => `${path.join('.')} ${message}`)
      throw new Error(`${file}:${at + 1} ${faults.join('; ')}`)
    }
  }
  return rows
}

function jsonOf(line: string): unknown {
  try {
    return JSON.parse(line)
  } catch {
    return undefined
  }
}

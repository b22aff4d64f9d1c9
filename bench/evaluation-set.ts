/**
 * A set of questions with the entries that answer them, as docs/architecture.md §7 fixes it, gzip or plain. A set under
 * speech noise may name the base it shares (`kbRef`): the file of that name beside it.
 */
import { readFile } from 'node:fs/promises'
import { dirname, join } from 'node:path'
import { gunzipSync } from 'node:zlib'
import { z } from 'zod'

const entrySchema = z.object({
  id: z.string(),
  question: z.string(),
  similar: z.array(z.string()).optional(),
  answer: z.string().optional(),
})
const querySchema = z.object({
  text: z.string(),
  relevant: z.array(z.string()),
  /** What kind of question it is that no entry answers. */
  oos: z.enum(['far', 'near', 'uncovered']).optional(),
})
const fileSchema = z.object({
  kb: z.array(entrySchema).optional(),
  kbRef: z.string().optional(),
  queries: z.array(querySchema),
})
export type SetEntry = z.infer<typeof entrySchema>
export type Query = z.infer<typeof querySchema>
export type EvaluationSet = { kb: SetEntry[]; queries: Query[] }

/** @throws when the file, or the base it names, is not there or not such a set. */
export async function readSet(file: string): Promise<EvaluationSet> {
  const { kb, kbRef, queries } = fileSchema.parse(await readJson(file))
  if (kb) return { kb, queries }
  if (!kbRef) throw new Error(`${file} has neither kb nor kbRef`)
  const ending = /(\.json(?:\.gz)?)$/.exec(file)?.[0] ?? ''
  const shared = fileSchema.parse(await readJson(join(dirname(file), `${kbRef}${ending}`)))
  if (!shared.kb) throw new Error(`${kbRef}, which ${file} names, has no kb`)
  return { kb: shared.kb, queries }
}

async function readJson(file: string): Promise<unknown> {
  const raw = await readFile(file)
  const gzipped = raw[0] === 0x1f && raw[1] === 0x8b
  return JSON.parse((gzipped ? gunzipSync(raw) : raw).toString('utf8'))
}

/** Orama over single characters and neighbouring pairs: its own tokenizer takes a Chinese sentence for one word. */
import { create, insertMultiple, search } from '@orama/orama'
import { grams } from '../../knowledge/text/grams.ts'
import { normalise } from '../../knowledge/text/normalise.ts'
import { textsWanted, type Baseline } from './baseline.ts'

export const orama: Baseline = async (surfaces) => {
  const db = create({
    schema: { text: 'string' } as const,
    components: {
      tokenizer: {
        language: 'chinese',
        normalizationCache: new Map(),
        tokenize: (raw: string) => grams(normalise(raw)),
      },
    },
  })
  await insertMultiple(
    db,
    surfaces.map(({ text }, at) => ({ id: String(at), text })),
    1_000,
  )
  return async (term) => {
    const { hits } = await search(db, { term, limit: textsWanted, threshold: 1 })
    return hits.flatMap(({ id }) => surfaces[Number(id)]?.entry ?? [])
  }
}

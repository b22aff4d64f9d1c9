/** MiniSearch over single characters and neighbouring pairs: its own tokenizer takes a Chinese sentence for one word. */
import MiniSearch from 'minisearch'
import { grams } from '../../knowledge/text/grams.ts'
import { normalise } from '../../knowledge/text/normalise.ts'
import { textsWanted, type Baseline } from './baseline.ts'

export const minisearch: Baseline = (surfaces) => {
  const engine = new MiniSearch<{ id: number; text: string }>({
    fields: ['text'],
    tokenize: (text) => grams(normalise(text)),
  })
  engine.addAll(surfaces.map(({ text }, id) => ({ id, text })))
  return (text) =>
    engine
      .search(text)
      .slice(0, textsWanted)
      .flatMap(({ id }) => surfaces[Number(id)]?.entry ?? [])
}

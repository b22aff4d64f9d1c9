/** node-nlp's Chinese classifier, an intent an entry. Training grows with entries times texts, so large sets go without. */
import { NlpManager } from 'node-nlp'
import { z } from 'zod'
import type { Baseline } from './baseline.ts'

/** Beyond this many entries its training would take the bench's time for itself. */
export const nodeNlpEntries = 1_000

const resultSchema = z.object({ classifications: z.array(z.object({ intent: z.string(), score: z.number() })) })

export const nodeNlp: Baseline = async (surfaces) => {
  const manager = new NlpManager({
    languages: ['zh'],
    forceNER: false,
    autoSave: false,
    autoLoad: false,
    nlu: { useNoneFeature: false, log: false },
  })
  // It announces its dictionary on standard output, where the figures go.
  console.log = () => {}
  for (const { entry, text } of surfaces) manager.addDocument('zh', text, entry)
  await manager.train()
  return async (text) => {
    const { classifications } = resultSchema.parse(await manager.process('zh', text))
    return classifications.map(({ intent }) => intent)
  }
}

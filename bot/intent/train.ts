/**
 * Makes the intent model: `node dist/intent-train.js FILE`. Run by the build whenever intents.ts changed.
 */
import { writeFile } from 'node:fs/promises'
import { NlpManager } from 'node-nlp'
import { corpus } from './corpus.ts'
import { intents } from './intent-names.ts'
import { nlpSettings } from './settings.ts'

export async function trainedModel(): Promise<string> {
  const manager = new NlpManager(nlpSettings)
  for (const intent of intents) for (const text of corpus[intent]) manager.addDocument('zh', text, intent)
  await manager.train()
  return manager.export(true)
}

const target = process.argv[2]
if (target) await writeFile(target, await trainedModel())

/** The thread that holds node-nlp: loading it takes a second, and a sentence some milliseconds the calls must not pay. */
import { readFile } from 'node:fs/promises'
import { parentPort, workerData } from 'node:worker_threads'
import { NlpManager } from 'node-nlp'
import { intents, type Intent } from './intent-names.ts'
import { nlpSettings } from './settings.ts'

export type Question = { id: number; text: string }
export type Reply = { id: number; intent: Intent | undefined }

const { modelFile } = workerData as { modelFile: string }
const manager = new NlpManager(nlpSettings)
manager.import(await readFile(modelFile, 'utf8'))
await manager.process('zh', '你好') // the first sentence pays for the tables; better here than with a citizen waiting

parentPort?.on('message', ({ id, text }: Question) => {
  void manager.process('zh', text).then(
    ({ intent, score }) => {
      const name = intents.find((known) => known === intent)
      parentPort?.postMessage({ id, intent: name && { name, score } } satisfies Reply)
    },
    () => parentPort?.postMessage({ id, intent: undefined } satisfies Reply),
  )
})
parentPort?.postMessage('ready')

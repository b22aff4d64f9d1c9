/**
 * An embedding service as OpenAI's API describes it: texts in, one vector a text out. Off unless it is configured; whatever
 * is sent has lost the numbers that name a person.
 */
import { z } from 'zod'
import { withoutParticulars } from './text/particulars.ts'

/** `url` is the whole address, such as http://127.0.0.1:8000/v1/embeddings. */
export type EndpointSettings = { url: string; key?: string; model: string }
export type EmbeddingEndpoint = ReturnType<typeof embeddingEndpoint>

const replySchema = z.object({
  data: z.array(z.object({ index: z.int().min(0), embedding: z.array(z.number()).min(1) })),
})

export function embeddingEndpoint({ url, key, model }: EndpointSettings) {
  return {
    model,

    /** @returns in the order of the texts. @throws when the service fails, says something else, or takes too long. */
    async vectorsOf(texts: readonly string[], withinMs: number): Promise<Float32Array[]> {
      const response = await fetch(url, {
        method: 'POST',
        headers: { 'content-type': 'application/json', ...(key && { authorization: `Bearer ${key}` }) },
        body: JSON.stringify({ model, input: texts.map(withoutParticulars) }),
        signal: AbortSignal.timeout(withinMs),
      })
      if (!response.ok) throw new Error(`the embedding service answered ${response.status}`)
      const { data } = replySchema.parse(await response.json())
      const byPlace = new Map(data.map(({ index, embedding }) => [index, Float32Array.from(embedding)]))
      const vectors = texts.flatMap((_, at) => byPlace.get(at) ?? [])
      if (vectors.length < texts.length) throw new Error('the embedding service left texts out')
      return vectors
    },
  }
}

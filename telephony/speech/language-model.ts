/**
 * Which syllable follows which in the questions that the knowledge base can answer: a trigram with interpolated
 * Witten-Bell smoothing, written in the ARPA back-off form that pocketsphinx reads.
 *
 * Invariant: after every history the probabilities of all words add up to one. Every syllable of the vocabulary can
 * follow every other: callers do not speak in our wording.
 */
const order = 3
/** What an unseen syllable counts: low enough for the wording of the base to win, high enough for another to pass. */
const floor = 0.3

export type WeightedSentence = { words: readonly string[]; weight: number }
type History = { tokens: number; types: number }

/**
 * @param sentences syllables; the weight is how often each counts
 * @param vocabulary every word that may occur beside those of the sentences
 * @returns the text of an ARPA file
 */
export function arpaTrigram(sentences: readonly WeightedSentence[], vocabulary: readonly string[]): string {
  const counts = countGrams(sentences)
  const histories = countHistories(counts)
  const words = new Set([...(counts[1]?.keys() ?? []), ...vocabulary, '</s>'])
  const probabilities = [new Map<string, number>(), unigrams(words, counts[1] ?? new Map<string, number>(), histories)]

  // Shorter grams first: each order falls back on the one below.
  for (let n = 2; n <= order; n++) {
    const ofOrder = new Map<string, number>()
    for (const [gram, count] of counts[n] ?? []) {
      const history = histories.get(beginning(gram)) ?? { tokens: 1, types: 1 }
      const total = history.tokens + history.types
      const lower = probability(probabilities, histories, ending(gram))
      ofOrder.set(gram, (count + history.types * lower) / total)
    }
    probabilities.push(ofOrder)
  }
  return written(probabilities, histories)
}

function countGrams(sentences: readonly WeightedSentence[]): Map<string, number>[] {
  const counts = Array.from({ length: order + 1 }, () => new Map<string, number>())
  for (const { words, weight } of sentences) {
    const marked = ['<s>', ...words, '</s>']
    for (let n = 1; n <= order; n++)
      for (let at = 0; at + n <= marked.length; at++) {
        const gram = marked.slice(at, at + n).join(' ')
        if (gram !== '<s>') counts[n]?.set(gram, (counts[n]?.get(gram) ?? 0) + weight)
      }
  }
  return counts
}

function countHistories(counts: readonly Map<string, number>[]): Map<string, History> {
  const histories = new Map<string, History>()
  for (const ofOrder of counts)
    for (const [gram, count] of ofOrder) {
      const { tokens, types } = histories.get(beginning(gram)) ?? { tokens: 0, types: 0 }
      histories.set(beginning(gram), { tokens: tokens + count, types: types + 1 })
    }
  return histories
}

function unigrams(words: ReadonlySet<string>, counts: ReadonlyMap<string, number>, histories: Map<string, History>) {
  const total = (histories.get('')?.tokens ?? 0) + floor * words.size
  return new Map([...words].map((word) => [word, ((counts.get(word) ?? 0) + floor) / total]))
}

function probability(known: readonly Map<string, number>[], histories: Map<string, History>, gram: string): number {
  const n = gram.split(' ').length
  const direct = known[n]?.get(gram)
  if (direct !== undefined || n === 1) return direct ?? 0
  return backOff(histories, beginning(gram)) * probability(known, histories, ending(gram))
}

/** The share of the history that is left for what was never seen after it. */
function backOff(histories: ReadonlyMap<string, History>, history: string): number {
  const seen = histories.get(history)
  return seen ? seen.types / (seen.types + seen.tokens) : 1
}

function written(probabilities: readonly Map<string, number>[], histories: ReadonlyMap<string, History>): string {
  const sizes = probabilities.slice(1).map((grams, i) => `ngram ${i + 1}=${grams.size + (i === 0 ? 1 : 0)}`)
  const sections = probabilities.slice(1).map((grams, i) => {
    const n = i + 1
    const lines = [...grams].map(([gram, p]) => {
      const ends = n === order || gram.endsWith('</s>')
      return `${log10(p)} ${gram}${ends ? '' : ` ${log10(backOff(histories, gram))}`}`
    })
    if (n === 1) lines.unshift(`-99 <s> ${log10(backOff(histories, '<s>'))}`)
    return `\\${n}-grams:\n${lines.join('\n')}\n`
  })
  return `\\data\\\n${sizes.join('\n')}\n\n${sections.join('\n')}\n\\end\\\n`
}

const beginning = (gram: string) => gram.slice(0, Math.max(0, gram.lastIndexOf(' ')))
const ending = (gram: string) => gram.slice(gram.indexOf(' ') + 1)
const log10 = (p: number) => Math.log10(Math.max(p, 1e-99)).toFixed(4)

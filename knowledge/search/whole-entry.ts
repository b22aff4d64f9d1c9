/**
 * What an entry says as a whole: all its ways of asking and its answer, as one bag of parts. An entry whose questions each
 * miss something of what was asked may well have it all between them; no comparison with a single question sees that.
 *
 * Each entry is a language model with Dirichlet smoothing (Zhai and Lafferty, 2004): how much likelier the asked parts are
 * in it than in the base at large. Where entries have one question each, a whole says nothing that the question does not.
 */
import type { Steps } from './steps.ts'

/** `questions` begins with the entry's own. All normalised; the answer when it is asked for, since it takes a while. */
export type Whole = { questions: readonly string[]; answer: () => string }
export type WholeEntries = {
  /** How far wholes are to be believed: 0 with one question an entry, near 1 with many. */
  weight: number
  /** @param parts with how much each tells; 0 for those that are no words. */
  compare(parts: ReadonlyMap<string, number>, without?: Without): Compared
}
/** A question as if it had never been written. */
export type Without = {
  at: number
  parts: ReadonlySet<string>
  isOwn: boolean
}
export type Compared = {
  /** Mean over the parts of log-likelihood ratios; higher is better, of any sign. */
  likelihood(at: number): number
  /** Share of what the words asked tell that the entry says anywhere; in [0, 1]. */
  covered(at: number): number
  /** The most likely of those that count, best first. */
  best(limit: number, counts: (at: number) => boolean): number[]
}

const smoothing = 60
/** How often a part counts that is said in the entry's own question, in a similar one, in the answer. */
const times = { own: 3, similar: 1, answer: 0.2 }
const unseen = 0.5
const readAStep = 10
const invertedAStep = 20_000

/** @param partsIn a text's parts, repeats allowed. */
export function* wholeEntrySteps(wholes: readonly Whole[], partsIn: (text: string) => string[]): Steps<WholeEntries> {
  const asked = wholes.reduce((sum, { questions }) => sum + questions.length, 0)
  const weight = asked > wholes.length ? 1 - wholes.length / asked : 0
  if (weight === 0) return { weight, compare: () => nothingCompared }

  const numbers = new Map<string, number>()
  const total: number[] = []
  const having: number[] = []
  const lengths = new Float64Array(wholes.length)
  let said = {
    parts: new Uint32Array(wholes.length * 256),
    counts: new Float32Array(wholes.length * 256),
  }
  const begins = new Uint32Array(wholes.length + 1)
  let filled = 0
  let length = 0
  for (const [at, whole] of wholes.entries()) {
    for (const [part, count] of counted(whole, partsIn)) {
      let number = numbers.get(part)
      if (number === undefined) {
        number = having.length
        numbers.set(part, number)
        having.push(0)
        total.push(0)
      }
      having[number] = (having[number] ?? 0) + 1
      total[number] = (total[number] ?? 0) + count
      lengths[at] = (lengths[at] ?? 0) + count
      if (filled === said.parts.length) said = grown(said)
      said.parts[filled] = number
      said.counts[filled++] = count
    }
    begins[at + 1] = filled
    length += lengths[at] ?? 0
    if (at % readAStep === 0) yield
  }
  const everywhere = length + unseen * having.length
  const expected = (number: number) => (smoothing * ((total[number] ?? 0) + unseen)) / everywhere

  const partBegins = new Uint32Array(having.length + 1)
  for (const [number, entries] of having.entries()) partBegins[number + 1] = (partBegins[number] ?? 0) + entries
  const next = partBegins.slice()
  const entries = new Uint32Array(filled)
  const gains = new Float32Array(filled)
  for (let at = 0, i = 0; at < wholes.length; at++) {
    for (; i < (begins[at + 1] ?? 0); i++) {
      const number = said.parts[i] ?? 0
      const place = next[number] ?? 0
      entries[place] = at
      gains[place] = Math.log(1 + (said.counts[i] ?? 0) / expected(number))
      next[number] = place + 1
      if (i % invertedAStep === 0) yield
    }
  }
  const sum = new Float32Array(wholes.length)
  const share = new Float32Array(wholes.length)

  return {
    weight,
    compare(parts, without) {
      sum.fill(0)
      share.fill(0)
      let mass = 0
      for (const [part, telling] of parts) {
        mass += telling
        const number = numbers.get(part)
        if (number === undefined) continue
        for (let i = partBegins[number] ?? 0; i < (partBegins[number + 1] ?? 0); i++) {
          const at = entries[i] ?? 0
          let gain = gains[i] ?? 0
          if (without?.at === at && without.parts.has(part)) {
            const count = Math.expm1(gain) * expected(number) - (without.isOwn ? times.own : times.similar)
            if (count < times.answer / 2) continue
            gain = Math.log1p(count / expected(number))
          }
          sum[at] = (sum[at] ?? 0) + gain
          share[at] = (share[at] ?? 0) + telling
        }
      }
      const likelihood = (at: number) =>
        (sum[at] ?? 0) / Math.max(1, parts.size) - Math.log1p((lengths[at] ?? 0) / smoothing)
      return {
        likelihood,
        covered: (at) => (mass === 0 ? 0 : (share[at] ?? 0) / mass),
        best: (limit, counts) => highest(wholes.length, likelihood, limit, counts),
      }
    },
  }
}

const nothingCompared: Compared = {
  likelihood: () => 0,
  covered: () => 0,
  best: () => [],
}

function counted({ questions, answer }: Whole, partsIn: (text: string) => string[]): Map<string, number> {
  const counts = new Map<string, number>()
  const add = (text: string, count: number) => {
    for (const part of new Set(partsIn(text))) counts.set(part, (counts.get(part) ?? 0) + count)
  }
  questions.forEach((text, i) => add(text, i === 0 ? times.own : times.similar))
  add(answer(), times.answer)
  return counts
}

function highest(
  count: number,
  value: (at: number) => number,
  limit: number,
  counts: (at: number) => boolean,
): number[] {
  const best: { at: number; value: number }[] = []
  for (let at = 0; at < count; at++) {
    const given = value(at)
    if (best.length === limit && given <= (best.at(-1)?.value ?? 0)) continue
    if (!counts(at)) continue
    if (best.length === limit) best.pop()
    const behind = best.findIndex((other) => other.value < given)
    best.splice(behind < 0 ? best.length : behind, 0, { at, value: given })
  }
  return best.map((one) => one.at)
}

function grown({ parts, counts }: { parts: Uint32Array; counts: Float32Array }) {
  const larger = {
    parts: new Uint32Array(parts.length * 2),
    counts: new Float32Array(parts.length * 2),
  }
  larger.parts.set(parts)
  larger.counts.set(counts)
  return larger
}

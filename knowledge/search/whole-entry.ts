/**
 * What an entry says as a whole: all its ways of asking and its answer, as one bag of parts. An entry whose questions each
 * miss something of what was asked may well have it all between them; no comparison with a single question sees that.
 *
 * Each entry is a language model with Dirichlet smoothing (Zhai and Lafferty, 2004): how much likelier the asked parts are
 * in it than in the base at large. Where entries have one question each, a whole says nothing that the question does not.
 */
import type { Steps } from './steps.ts'
import { unknown, type Vocabulary } from './vocabulary.ts'

/** The parts of so many questions, the entry's own first, and of its answer, which takes a while to read. Repeats allowed. */
export type Whole = { questions: number; partsOf: (question: number) => Uint32Array; answer: () => Uint32Array }
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

/** @param wholeAt the whole of each of so many entries; asked for again and again, so that none has to be kept. */
export function* wholeEntrySteps(
  size: number,
  wholeAt: (at: number) => Whole,
  vocabulary: Vocabulary,
): Steps<WholeEntries> {
  let asked = 0
  for (let at = 0; at < size; at++) {
    asked += wholeAt(at).questions
    if (at % readAStep === 0) yield
  }
  const weight = asked > size ? 1 - size / asked : 0
  if (weight === 0) return { weight, compare: () => nothingCompared }

  for (let at = 0; at < size; at++) {
    // Whatever is read for the first time is numbered before anything is counted.
    wholeAt(at).answer()
    yield
  }
  const total = new Float64Array(vocabulary.size())
  const having = new Uint32Array(total.length)
  const lengths = new Float64Array(size)
  const count = counting(total.length)
  let filled = 0
  let length = 0
  for (let at = 0; at < size; at++) {
    const counted = count(wholeAt(at))
    for (let i = 0; i < counted.length; i++) {
      const number = counted.parts[i] ?? 0
      const often = counted.counts[i] ?? 0
      having[number] = (having[number] ?? 0) + 1
      total[number] = (total[number] ?? 0) + often
      lengths[at] = (lengths[at] ?? 0) + often
    }
    filled += counted.length
    length += lengths[at] ?? 0
    if (at % readAStep === 0) yield
  }
  const distinct = having.reduce((sum, entries) => sum + (entries > 0 ? 1 : 0), 0)
  const everywhere = length + unseen * distinct
  const expected = (number: number) => (smoothing * ((total[number] ?? 0) + unseen)) / everywhere

  const partBegins = new Uint32Array(having.length + 1)
  for (let number = 0; number < having.length; number++)
    partBegins[number + 1] = (partBegins[number] ?? 0) + (having[number] ?? 0)
  const next = partBegins.slice()
  yield
  const entries = new Uint32Array(filled)
  yield
  const gains = new Float32Array(filled)
  for (let at = 0; at < size; at++) {
    const counted = count(wholeAt(at))
    for (let i = 0; i < counted.length; i++) {
      const number = counted.parts[i] ?? 0
      const place = next[number] ?? 0
      entries[place] = at
      gains[place] = Math.log(1 + Math.fround(counted.counts[i] ?? 0) / expected(number))
      next[number] = place + 1
    }
    if (at % readAStep === 0) yield
  }
  const longer = lengths.map((words) => Math.log1p(words / smoothing))
  const sum = new Float32Array(size)
  const share = new Float32Array(size)

  return {
    weight,
    compare(parts, without) {
      sum.fill(0)
      share.fill(0)
      let mass = 0
      for (const [part, telling] of parts) {
        mass += telling
        const number = vocabulary.known(part)
        if (number === unknown) continue
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
      const likelihood = (at: number) => (sum[at] ?? 0) / Math.max(1, parts.size) - (longer[at] ?? 0)
      return {
        likelihood,
        covered: (at) => (mass === 0 ? 0 : (share[at] ?? 0) / mass),
        best: (limit, counts) => highest(size, likelihood, limit, counts),
      }
    },
  }
}

const nothingCompared: Compared = {
  likelihood: () => 0,
  covered: () => 0,
  best: () => [],
}

/** Each part of a whole once, in the order in which they are met, with how often it counts; good until the next is counted. */
type Counted = { parts: Uint32Array; counts: Float64Array; length: number }

function counting(size: number): (whole: Whole) => Counted {
  // Where a part stands in the list of the whole that is read, and in which text it was last met; both from 1 on.
  const place = new Uint32Array(size)
  const met = new Uint32Array(size)
  const parts = new Uint32Array(size)
  const counts = new Float64Array(size)
  let texts = 0
  let length = 0
  const add = (some: Uint32Array, count: number) => {
    texts++
    for (let i = 0; i < some.length; i++) {
      const number = some[i] ?? 0
      if (met[number] === texts) continue
      met[number] = texts
      if (place[number] === 0) {
        parts[length] = number
        counts[length] = 0
        place[number] = ++length
      }
      const at = (place[number] ?? 1) - 1
      counts[at] = (counts[at] ?? 0) + count
    }
  }
  return ({ questions, partsOf, answer }) => {
    length = 0
    for (let i = 0; i < questions; i++) add(partsOf(i), i === 0 ? times.own : times.similar)
    add(answer(), times.answer)
    for (let i = 0; i < length; i++) place[parts[i] ?? 0] = 0
    return { parts, counts, length }
  }
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

/**
 * Which unanswered questions are one and the same gap. Pure: the questions of open gaps and a new one in, the gap it
 * belongs to out.
 *
 * Two questions are alike by the characters and neighbouring pairs that they share, each weighed by how much it says in
 * Chinese (怎么办 says nothing), over all that both of them say. Nothing here depends on the base: gaps lie outside it.
 */
import { tellingness } from './text/general-language.ts'
import { grams } from './text/grams.ts'
import { loosened, normalise } from './text/normalise.ts'

/**
 * Above the pairs that ask for something else (大学生参保 and 新生儿参保), below most that only put it in another way. Set on
 * the pairs in test/knowledge/gap-clusters.test.ts.
 */
export const alikeFrom = 0.7
/** Words by which one asks, whatever it is about. */
const asking =
  /怎么办|怎么|什么时候|什么|应该|可以|能不能|是不是|有没有|我的|我|能|要|吗|呢|的|了|是|在|弄|啊|呀|办|(?<=领)取/gu

export type Clusters = {
  /** @returns the gap whose nearest question is alike, undefined when none is. */
  find(compared: string): string | undefined
  /** From here on this question speaks for its gap too. */
  add(gapId: string, compared: string): void
}

export type Weighed = { weights: ReadonlyMap<string, number>; total: number }

/** What is kept of a question for comparing. Empty for what asks nothing: a bare number, a sign, one character. */
export function comparedForm(question: string): string {
  const whole = loosened(normalise(question))
  const compared = whole.replace(asking, '') || whole
  return /\p{Script=Han}{2}|[a-z]{3}/u.test(compared) ? compared : ''
}

/** @returns in [0, 1]: 1 for the same words, 0 for nothing in common. */
export function likeness(a: string, b: string): number {
  return likenessOf(weighed(a), weighed(b))
}

/** The same of two that were weighed already. */
export function likenessOf(one: Weighed, other: Weighed): number {
  let shared = 0
  for (const [gram, weight] of one.weights) if (other.weights.has(gram)) shared += weight
  return one.total + other.total === 0 ? 0 : (2 * shared) / (one.total + other.total)
}

/** @param from how alike two must be to belong together. */
export function clusters(known: Iterable<{ gapId: string; compared: string }>, from = alikeFrom): Clusters {
  const surfaces: { gapId: string; total: number }[] = []
  const having = new Map<string, number[]>()

  function add(gapId: string, compared: string): void {
    const { weights, total } = weighed(compared)
    const at = surfaces.push({ gapId, total }) - 1
    for (const gram of weights.keys()) {
      const list = having.get(gram)
      if (list) list.push(at)
      else having.set(gram, [at])
    }
  }

  for (const { gapId, compared } of known) add(gapId, compared)
  return {
    add,
    find(compared) {
      const { weights, total } = weighed(compared)
      const shared = new Map<number, number>()
      for (const [gram, weight] of weights)
        for (const at of having.get(gram) ?? []) shared.set(at, (shared.get(at) ?? 0) + weight)
      let best: { gapId: string; score: number } | undefined
      for (const [at, weight] of shared) {
        const surface = surfaces[at]
        if (!surface) continue
        const score = (2 * weight) / (total + surface.total)
        if (score >= from && score > (best?.score ?? 0)) best = { gapId: surface.gapId, score }
      }
      return best?.gapId
    },
  }
}

/** The characters and pairs of a question by how much they say. */
export function weighed(compared: string): Weighed {
  const weights = new Map<string, number>()
  let total = 0
  for (const gram of grams(compared)) {
    if (weights.has(gram)) continue
    const weight = weightOf(gram)
    weights.set(gram, weight)
    total += weight
  }
  return { weights, total }
}

/** A pair says as much as both of its characters together, and more than one alone. */
function weightOf(gram: string): number {
  const characters = /^[a-z0-9.]+$/.test(gram) ? [gram] : [...gram]
  const weight = characters.reduce((product, one) => product * tellingness(one) ** 2, 1)
  return characters.length === 1 ? weight / 2 : weight
}

/**
 * What stands in the composer of one conversation. An approved text put in from the knowledge panel is remembered
 * by its revision only as long as it still stands there word for word: changed words are the agent's own.
 */
import type { SearchHit } from '../../contract/http.ts'
import { sourceWords, type Source } from '../../contract/entry.ts'

/** Who offered the text, and the citizen's turn that it was offered for: the server keeps what became of it. */
export type Offer = { from: 'bot' | 'search'; askedSeq: number }
export type Offered = Offer & { revisionId: string }
export type Draft = { text: string; inserted?: { revisionId: string; words: string; source: string; offer?: Offer } }

export const emptyDraft: Draft = { text: '' }

export type Hit = Pick<SearchHit, 'text' | 'sources' | 'revisionId'>

export function insertHit(draft: Draft, hit: Hit, offer?: Offer): Draft {
  const words = hit.text.trim()
  const source = sourceLine(hit.sources)
  const text = [draft.text.trimEnd(), words, source].filter(Boolean).join('\n')
  return { text, inserted: { revisionId: hit.revisionId, words, source, ...(offer && { offer }) } }
}

/**
 * What is sent. The source travels with the revision and is shown beside the words, so its line is not sent twice;
 * without the revision it stays where the agent sees it. That a text was offered is told either way.
 */
export function toSay({ text, inserted }: Draft): { text: string; revisionId?: string; offered?: Offered } {
  if (!inserted) return { text: text.trim() }
  const { revisionId, words, source, offer } = inserted
  const offered = offer && { offered: { ...offer, revisionId } }
  if (!text.includes(words)) return { text: text.trim(), ...offered }
  const withoutSource = source === '' ? text : text.replace(`\n${source}`, '')
  return { text: withoutSource.trim(), revisionId, ...offered }
}

/** What the agent typed. An emptied box holds nothing of what was put in before. */
export function typed(draft: Draft, text: string): Draft {
  return text.trim() === '' ? { text } : { ...draft, text }
}

/** "依据：《…》（国令第 735 号）第 31 条；《…》" */
export function sourceLine(sources: readonly Source[]): string {
  return sources.length === 0 ? '' : `依据：${sources.map(sourceWords).join('；')}`
}

/**
 * What stands in the composer of one conversation. An approved text put in from the knowledge panel is remembered
 * by its revision only as long as it still stands there word for word: changed words are the agent's own.
 */
import type { SearchHit } from '../../contract/http.ts'
import type { Source } from '../../contract/entry.ts'

export type Draft = { text: string; inserted?: { revisionId: string; words: string; source: string } }

export const emptyDraft: Draft = { text: '' }

export function insertHit(draft: Draft, hit: Pick<SearchHit, 'text' | 'sources' | 'revisionId'>): Draft {
  const words = hit.text.trim()
  const source = sourceLine(hit.sources)
  const text = [draft.text.trimEnd(), words, source].filter(Boolean).join('\n')
  return { text, inserted: { revisionId: hit.revisionId, words, source } }
}

/**
 * What is sent. The source travels with the revision and is shown beside the words, so its line is not sent twice;
 * without the revision it stays where the agent sees it.
 */
export function toSay({ text, inserted }: Draft): { text: string; revisionId?: string } {
  if (!inserted || !text.includes(inserted.words)) return { text: text.trim() }
  const withoutSource = inserted.source === '' ? text : text.replace(`\n${inserted.source}`, '')
  return { text: withoutSource.trim(), revisionId: inserted.revisionId }
}

/** "依据：《…》（国令第 735 号）第 31 条；《…》" */
export function sourceLine(sources: readonly Source[]): string {
  return sources.length === 0 ? '' : `依据：${sources.map(sourceWords).join('；')}`
}

export function sourceWords(source: Source): string {
  const title = source.title.startsWith('《') ? source.title : `《${source.title}》`
  return `${title}${source.number ? `（${source.number}）` : ''}${source.article ?? ''}`
}

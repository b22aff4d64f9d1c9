/** What differs between two wordings, field by field, character by character. Pure; shown by wording-diff.vue. */
import { diffChars } from 'diff'
import type { Source, Wording } from '../../contract/entry.ts'
import { toForm } from './wording-form.ts'

export type Piece = { text: string; kind: 'same' | 'added' | 'gone' }
export type FieldDiff = { label: string; pieces: Piece[] }

const labels = {
  question: '标准问题',
  similar: '相似问',
  answer: '答案',
  spoken: '口语答案',
  conditions: '办理条件',
  materials: '材料',
  steps: '步骤',
  timeLimit: '办理时限',
  channels: '办理渠道',
  fee: '费用',
  sources: '依据',
  topic: '主题',
  region: '地区',
  insurance: '险种',
  audience: '适用人群',
  notToConfuse: '易混淆条目',
  validFrom: '生效日',
  validUntil: '失效日',
} as const

/** Only fields that differ; none for equal wordings. */
export function wordingDiff(before: Wording, after: Wording): FieldDiff[] {
  const [old, fresh] = [textsOf(before), textsOf(after)]
  return Object.entries(labels).flatMap(([field, label]) => {
    const [a, b] = [old.get(field) ?? '', fresh.get(field) ?? '']
    return a === b ? [] : [{ label, pieces: piecesOf(a, b) }]
  })
}

function piecesOf(before: string, after: string): Piece[] {
  return diffChars(before, after).map(({ value, added, removed }) => ({
    text: value,
    kind: added ? 'added' : removed ? 'gone' : 'same',
  }))
}

function textsOf(wording: Wording): Map<string, string> {
  const { sources: _, ...form } = toForm(wording)
  return new Map([...Object.entries(form), ['sources', wording.sources.map(sourceText).join('\n')]])
}

function sourceText({ title, number, article, date, url }: Source): string {
  return [title, number, article, date, url].filter((part) => part !== undefined).join('｜')
}

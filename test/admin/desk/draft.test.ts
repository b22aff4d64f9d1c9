import { expect, it } from 'vitest'
import { emptyDraft, insertHit, sourceLine, toSay, typed } from '../../../admin/desk/draft.ts'

const revisionId = '22222222-2222-4222-8222-222222222222'
const hit = {
  revisionId,
  text: '出生后 90 天内参保。',
  sources: [{ title: '某办法', number: '某政发〔2025〕3 号', article: '第八条' }],
}

it('puts the answer and its source line below what is already written', () => {
  const draft = insertHit({ text: '您好，' }, hit)
  expect(draft.text).toBe('您好，\n出生后 90 天内参保。\n依据：《某办法》（某政发〔2025〕3 号）第八条')
})

it('sends the revision with its words, and leaves the source line to travel with the revision', () => {
  const draft = insertHit(emptyDraft, hit)
  expect(toSay({ ...draft, text: `${draft.text}\n还有别的问题吗？` })).toEqual({
    text: '出生后 90 天内参保。\n还有别的问题吗？',
    revisionId,
  })
})

it('claims no revision for words that the agent has changed', () => {
  const draft = insertHit(emptyDraft, hit)
  const changed = { ...draft, text: draft.text.replace('90', '60') }
  expect(toSay(changed)).toEqual({ text: changed.text })
})

it('names several sources in one line, without doubling the title marks', () => {
  expect(sourceLine([{ title: '《甲办法》' }, { title: '乙通知', article: '第二条' }])).toBe(
    '依据：《甲办法》；《乙通知》第二条',
  )
  expect(sourceLine([])).toBe('')
})

it('tells that a text was offered, word for word or changed, until the box is emptied', () => {
  const offer = { from: 'bot', askedSeq: 3 } as const
  const draft = insertHit(emptyDraft, hit, offer)
  const offered = { from: 'bot', askedSeq: 3, revisionId }
  expect(toSay(draft)).toEqual({ text: hit.text, revisionId, offered })
  const changed = typed(draft, '出生后三个月内参保。')
  expect(toSay(changed)).toEqual({ text: '出生后三个月内参保。', offered })
  expect(toSay(typed(typed(changed, ' '), '您好'))).toEqual({ text: '您好' })
})

/** An entry's text for tests: sound in every field, so that a test names only what it is about. */
import type { Wording } from '../../contract/entry.ts'

export function aWording(given: Partial<Wording> = {}): Wording {
  return {
    question: '新生儿怎么参加医保',
    similar: ['刚出生的孩子怎么上医保'],
    answer: '孩子出生后九十天内，凭户口簿在参保地办理。',
    spoken: '孩子出生后九十天内，凭户口簿在参保地办理。',
    sources: [{ title: '测试文件', number: '测发〔2024〕1号' }],
    topic: '参保',
    audience: [],
    notToConfuse: [],
    validFrom: '2024-01-01',
    ...given,
  }
}

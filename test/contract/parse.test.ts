import { expect, it } from 'vitest'
import { caseMoveSchema } from '../../contract/case.ts'
import { newEntrySchema } from '../../contract/http.ts'
import { parse } from '../../contract/parse.ts'
import { Problem } from '../../contract/problem.ts'

function refused(work: () => unknown): readonly { path: string; message: string }[] {
  try {
    work()
  } catch (error) {
    if (error instanceof Problem) return error.fields
    throw error
  }
  throw new Error('was taken')
}

it('says what is missing in words that a person reads', () => {
  expect(refused(() => parse(caseMoveSchema, { to: 'contacted' }))).toEqual([{ path: 'note', message: '请填写这一项' }])
})

it('says what a field of the wrong type is wanted to be, without a word of a programming language', () => {
  const wording = { question: 1, similar: '相似', sources: [7], answer: null }
  const messages = refused(() => parse(newEntrySchema, { wording })).map(({ message }) => message)
  expect(messages).toEqual(expect.arrayContaining(['应为文字', '应为列表', '应为一组字段']))
  expect(messages.join()).not.toMatch(/[a-z]/i)
})

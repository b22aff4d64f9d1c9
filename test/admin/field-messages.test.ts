import { expect, it } from 'vitest'
import { fieldMessages } from '../../admin/field-messages.ts'

const names = ['sources', 'guide', 'guide.materials', 'question'] as const

it('brings each message to its field, and says which row is meant', () => {
  const told = fieldMessages(
    [
      { path: 'wording.question', message: '不能为空' },
      { path: 'wording.sources.1.url', message: '网址应以 http 或 https 开头' },
      { path: 'wording.guide.materials.0', message: '不能为空' },
    ],
    names,
    'wording.',
  )
  expect(told.at).toEqual({
    question: '不能为空',
    sources: '第 2 条：网址应以 http 或 https 开头',
    'guide.materials': '第 1 条：不能为空',
  })
  expect(told.head).toEqual([])
})

it('puts a message that no field can show at the head, never away', () => {
  const told = fieldMessages(
    [
      { path: 'spoken', message: '不能为空' },
      { path: '', message: '内容不对' },
    ],
    names,
  )
  expect(told).toEqual({ at: {}, head: ['spoken：不能为空', '内容不对'] })
})

it('shows two messages of one field together', () => {
  const twice = [0, 2].map((row) => ({ path: `sources.${row}.title`, message: '不能为空' }))
  expect(fieldMessages(twice, names).at.sources).toBe('第 1 条：不能为空；第 3 条：不能为空')
})

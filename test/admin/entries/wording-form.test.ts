import fc from 'fast-check'
import { expect, it } from 'vitest'
import { wordingSchema, type Wording } from '../../../contract/entry.ts'
import { emptySource, newForm, toForm, toWording } from '../../../admin/entries/wording-form.ts'

const line = fc.stringMatching(/^[\u4e00-\u9fa5a-z0-9]{1,12}$/)
const lines = fc.array(line, { minLength: 1, maxLength: 5 })
const day = fc
  .date({ min: new Date('2020-01-01'), max: new Date('2030-12-31'), noInvalidDate: true })
  .map((date) => date.toISOString().slice(0, 10))
const optional = { requiredKeys: [] }
const guide = fc
  .record({ conditions: lines, materials: lines, steps: lines, timeLimit: line, channels: lines, fee: line }, optional)
  .map((given) => (Object.keys(given).length > 0 ? given : undefined))
const source = fc.record(
  { title: line, number: line, article: line, date: day, url: fc.constant('https://example.gov.cn/a') },
  { requiredKeys: ['title'] },
)
const insurance = fc.constantFrom('employee', 'resident')
const ids = fc.array(fc.stringMatching(/^[a-z]{3,8}-[a-z]{3,8}$/), { maxLength: 3 })
const wording: fc.Arbitrary<Wording> = fc
  .record(
    {
      question: line,
      similar: fc.array(line, { maxLength: 4 }),
      answer: fc.array(line, { minLength: 1, maxLength: 3 }).map((paragraphs) => paragraphs.join('\n\n')),
      spoken: line,
      guide,
      sources: fc.array(source, { minLength: 1, maxLength: 3 }),
      topic: line,
      region: fc.constantFrom('340600', '141100'),
      insurance,
      audience: fc.array(line, { maxLength: 3 }),
      notToConfuse: ids,
      validFrom: day,
    },
    {
      requiredKeys: [
        'question',
        'similar',
        'answer',
        'spoken',
        'sources',
        'topic',
        'audience',
        'notToConfuse',
        'validFrom',
      ],
    },
  )
  .map(({ guide: told, ...rest }) => ({ ...rest, ...(told && { guide: told }) }))

it('gives back every wording unchanged', () => {
  fc.assert(
    fc.property(wording, (given) => {
      expect(toWording(toForm(given))).toEqual(given)
    }),
  )
})

it('writes only what the contract takes', () => {
  fc.assert(
    fc.property(wording, (given) => {
      expect(wordingSchema.safeParse(toWording(toForm(given))).success).toBe(true)
    }),
  )
})

it('drops empty lines and empty source rows', () => {
  const form = {
    ...newForm('2026-11-22'),
    similar: ' 怎么参保 \n\n',
    sources: [emptySource(), { ...emptySource(), title: '某办法' }],
  }
  const { similar, sources } = toWording(form)
  expect(similar).toEqual(['怎么参保'])
  expect(sources).toEqual([{ title: '某办法' }])
})

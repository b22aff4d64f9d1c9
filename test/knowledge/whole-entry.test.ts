import { expect, it } from 'vitest'
import { atOnce } from '../../knowledge/search/steps.ts'
import { vocabulary } from '../../knowledge/search/vocabulary.ts'
import { wholeEntrySteps } from '../../knowledge/search/whole-entry.ts'
import { partsOf } from '../../knowledge/search/prepared.ts'
import { words } from '../../knowledge/text/general-language.ts'

type Entry = { questions: readonly string[]; answer: string }

const wholes: Entry[] = [
  {
    questions: ['新生儿怎么参保', '宝宝上户口以后办医保', '刚出生的孩子交多少钱'],
    answer: '出生后九十天内登记。',
  },
  {
    questions: ['异地就医怎么备案', '去外地住院要先登记吗', '在外省看病报销'],
    answer: '在国家医保服务平台备案。',
  },
  { questions: ['医保卡丢了怎么办', '社保卡挂失', '补一张医保卡'], answer: '先电话挂失，再到银行补卡。' },
]
function over(some: readonly Entry[]) {
  const numbers = vocabulary()
  const read = (text: string) => Uint32Array.from(partsOf(text), numbers.numberOf)
  const numbered = some.map(({ questions, answer }) => {
    const asked = questions.map(read)
    return {
      questions: asked.length,
      partsOf: (nth: number) => asked[nth] ?? new Uint32Array(),
      answer: () => read(answer),
    }
  })
  const none = { questions: 0, partsOf: () => new Uint32Array(), answer: () => new Uint32Array() }
  return atOnce(wholeEntrySteps(numbered.length, (at) => numbered[at] ?? none, numbers))
}
const asked = (text: string) => new Map(partsOf(text).map((part) => [part, words(text).includes(part) ? 1 : 0]))
const everyone = () => true

it('finds the entry that has all of a question between its own questions', () => {
  const compared = over(wholes).compare(asked('外地住院异地备案报销'))
  expect(compared.best(2, everyone)[0]).toBe(1)
  expect(compared.likelihood(1)).toBeGreaterThan(compared.likelihood(0))
  expect(compared.covered(1)).toBe(1)
  expect(compared.covered(2)).toBe(0)
})

it('counts what only the answer says, and less than what the questions say', () => {
  const compared = over(wholes).compare(asked('银行'))
  expect(compared.best(1, everyone)).toEqual([2])
  const [inAnswer, inQuestion] = ['银行', '挂失'].map((text) => over(wholes).compare(asked(text)).likelihood(2))
  expect(inQuestion).toBeGreaterThan(inAnswer ?? 0)
})

it('leaves out those that do not count', () => {
  const compared = over(wholes).compare(asked('异地就医备案'))
  expect(compared.best(3, (at) => at !== 1)).not.toContain(1)
})

it('knows nothing more of an entry than was left when a question of it was never written', () => {
  const text = '社保卡挂失'
  const [first, second, lost] = wholes
  if (!first || !second || !lost) throw new Error('three entries stand above')
  const shorter = over([first, second, { ...lost, questions: lost.questions.filter((one) => one !== text) }])
  const without = { at: 2, parts: new Set(partsOf(text)), isOwn: false }
  const parts = asked('社保卡怎么挂失')
  expect(over(wholes).compare(parts, without).covered(2)).toBeCloseTo(shorter.compare(parts).covered(2), 10)
  expect(over(wholes).compare(parts, without).likelihood(2)).toBeLessThan(over(wholes).compare(parts).likelihood(2))
})

it('is believed the more, the more questions an entry has, and not at all with one', () => {
  const single = wholes.map(({ questions, answer }) => ({ questions: questions.slice(0, 1), answer }))
  expect(over(single).weight).toBe(0)
  expect(over(wholes).weight).toBeCloseTo(2 / 3, 10)
  expect(over([]).weight).toBe(0)
  expect(over(single).compare(asked('医保卡丢了')).best(3, everyone)).toEqual([])
})

it('says nothing of a question without any part', () => {
  const compared = over(wholes).compare(new Map())
  expect(compared.covered(0)).toBe(0)
  expect(compared.likelihood(0)).toBeLessThan(0)
})

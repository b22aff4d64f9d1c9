import { expect, it } from 'vitest'
import { firstQuestion, isHeardOut, offerSentences, promptNames, promptSentences } from '../../../telephony/prompts.ts'

const everything = promptNames.map((name) => ({ name, sentences: promptSentences(name, '门诊报销') }))
const isSaid = (words: RegExp) =>
  everything.filter(({ sentences }) => words.test(sentences.join(''))).map(({ name }) => name)

it('begins every phrase with at most twelve characters', () => {
  const long = everything.filter(({ sentences }) => (sentences[0]?.match(/\p{Script=Han}/gu) ?? []).length > 12)
  expect(long).toEqual([])
})

it('says once that it is a machine', () => {
  expect(isSaid(/智能客服/)).toEqual(['greeting'])
})

it('asks to speak freely only where it is heard', () => {
  expect(isSaid(/请说出您的问题/)).toEqual(['ask-open'])
  expect(Object.entries(firstQuestion).filter(([, prompt]) => prompt === 'ask-open')).toEqual([['open', 'ask-open']])
})

it('is polite, and calm', () => {
  expect(isSaid(/[!！]|亲|[a-zA-Z]|\{\}|你/)).toEqual([])
  expect(everything.filter(({ sentences }) => sentences.length > 4)).toEqual([])
})

it('lets every phrase be interrupted but the legal notice and the words before a transfer', () => {
  expect(promptNames.filter(isHeardOut)).toEqual(['legal-notice', 'transfer'])
})

it('reads out three titles at most, and does not ask a deaf line to be spoken to', () => {
  const titles = ['异地备案', '门诊报销', '生育津贴', '停保']
  expect(offerSentences(titles, 'open')).toHaveLength(5)
  expect(offerSentences(titles, 'open').join('')).toContain('三，生育津贴。')
  expect(offerSentences(titles, 'open').join('')).not.toContain('停保')
  expect(offerSentences(titles, 'none').join('')).not.toContain('说出')
})

it('puts words in as they are', () => {
  expect(promptSentences('confirm', '$& 门诊')[1]).toBe('您是说：$& 门诊，对吗？')
})

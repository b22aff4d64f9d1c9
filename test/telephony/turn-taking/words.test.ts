import { describe, expect, it } from 'vitest'
import {
  asksForPerson,
  asksToRepeat,
  asksToStop,
  endsOpen,
  isNod,
  spokenChoice,
  spokenDigits,
  weight,
  yesOrNo,
} from '../../../telephony/turn-taking/words.ts'

it.each([
  ['嗯', 0],
  ['好的，好的。', 0],
  ['对 对 对', 0],
  ['嗯嗯知道了', 0],
  ['是吗', 0],
  ['嗯，异地就医', 4],
  ['不对我问的是异地', 8],
  ['异 地 就 医', 4],
  ['12393', 5],
  ['', 0],
])('weighs %s as %i characters', (text, characters) => {
  expect(weight(text)).toBe(characters)
  expect(isNod(text)).toBe(characters === 0 && text !== '')
})

describe('a call for a person', () => {
  it.each([
    '人工',
    '转人工',
    '我要人工服务',
    '请帮我转接人工客服',
    '人工人工',
    '给我转一下人工吧',
    '找个真人',
    '我要找工作人员',
    '嗯，转人工。',
  ])('is heard in %s', (words) => expect(asksForPerson(words)).toBe(true))
  it.each([
    '人工耳蜗能报销吗',
    '不要人工',
    '人工关节集采多少钱',
    '人工授精医保报吗',
    '人工智能',
    '工作人员态度不好怎么投诉',
    '你是人工还是机器',
  ])('is not heard in %s', (words) => expect(asksForPerson(words)).toBe(false))
})

it.each(['再说一遍', '请您再说一遍', '没听清楚', '刚才没听清', '重复一下', '能再说一次吗'])(
  'hears %s as "say it again"',
  (words) => expect(asksToRepeat(words)).toBe(true),
)
it.each(['重复参保怎么退费', '我没有听说过这个政策'])('does not hear %s as "say it again"', (words) =>
  expect(asksToRepeat(words)).toBe(false),
)
it('hears a plain stop, and no question that begins like one', () => {
  expect(['停', '等一下', '不对', '别说了'].map(asksToStop)).toEqual([true, true, true, true])
  expect(['停保怎么办', '不对我问的是异地'].map(asksToStop)).toEqual([false, false])
})
it('hears yes, no, and neither', () => {
  expect(['嗯', '是的', '对对对', '不是', '不对', '异地'].map(yesOrNo)).toEqual([
    true,
    true,
    true,
    false,
    false,
    undefined,
  ])
})
it('hears a title named by its place', () => {
  expect(['第一个', '一', '我选第二个', '3', '问第三个问题', '第四个', '一次性补缴'].map(spokenChoice)).toEqual([
    1,
    1,
    2,
    3,
    3,
    undefined,
    undefined,
  ])
})
it('knows an unfinished sentence and counts digits however they are said', () => {
  expect(['我想问一下', '就是那个', '异地就医备案'].map(endsOpen)).toEqual([true, true, false])
  expect(spokenDigits('幺三八，零五六1 2 3')).toBe(9)
})

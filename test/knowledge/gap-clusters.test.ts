import { describe, expect, it } from 'vitest'
import { alikeFrom, clusters, comparedForm, likeness } from '../../knowledge/gap-clusters.ts'

const alike = (a: string, b: string) => likeness(comparedForm(a), comparedForm(b)) >= alikeFrom

describe('one gap', () => {
  it.each([
    ['医保卡丢了怎么办', '我的医保卡丢了应该怎么办呢'],
    ['异地就医怎么备案', '异地就医备案怎么办理'],
    ['门诊能报多少', '看门诊可以报销多少'],
    ['种植牙能报销吗', '种牙可以报销吗'],
    ['居民医保什么时候交费', '居民医保缴费时间是什么时候'],
    ['生育津贴怎么领', '怎么领取生育津贴'],
    ['哪支球队拿了冠军', '冠军是哪支球队'],
    ['社保卡可以异地补办吗', '社保卡能不能在异地补办'],
  ])('is asked by %s and by %s', (a, b) => expect(alike(a, b)).toBe(true))
})

describe('two gaps', () => {
  it.each([
    ['职工医保怎么交费', '居民医保怎么交费'],
    ['住院能报多少', '门诊能报多少'],
    ['大学生怎么参保', '新生儿怎么参保'],
    ['异地就医怎么备案', '异地就医怎么报销'],
    ['种植牙能报销吗', '近视手术能报销吗'],
    ['今天天气怎么样', '今天晚上吃什么'],
    ['医保断交有什么影响', '医保断交怎么补交'],
    ['医保卡怎么激活', '医保卡怎么注销'],
  ])('are asked by %s and by %s', (a, b) => expect(alike(a, b)).toBe(false))
})

it('keeps nothing of what asks nothing', () => {
  expect(['1', '？？', '好', '', '  ', '12345'].map(comparedForm)).toEqual(['', '', '', '', '', ''])
  expect(comparedForm('怎么办')).not.toBe('')
})

it('finds the gap with the nearest question, and lets a new question speak for its gap', () => {
  const known = clusters([
    { gapId: 'dental', compared: comparedForm('种植牙能报销吗') },
    { gapId: 'card', compared: comparedForm('医保卡丢了怎么办') },
  ])
  expect(known.find(comparedForm('种牙可以报销吗'))).toBe('dental')
  expect(known.find(comparedForm('无人机怎么年检'))).toBeUndefined()
  known.add('drone', comparedForm('无人机怎么年检'))
  expect(known.find(comparedForm('无人机年检在哪里办'))).toBe('drone')
})

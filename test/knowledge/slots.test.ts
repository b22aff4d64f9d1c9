import { describe, expect, it } from 'vitest'
import { clash, isOthersBusiness, slotsIn, undecided } from '../../knowledge/slots.ts'
import { normalise } from '../../knowledge/text/normalise.ts'

const of = (raw: string) => slotsIn(normalise(raw), '2026-11-22')
const brief = (raw: string) =>
  [...of(raw)].map(([name, values]) => `${name} ${[...values].sort().join('+')}`).join(', ')

describe('what a question names', () => {
  it.each([
    ['门诊怎么报销', 'care clinic, action claim'],
    ['跨省住院要备案吗', 'care hospital, away away, action file'],
    ['慢特病门诊', 'care chronic+clinic'],
    ['养老保险怎么转移', 'scheme pension, action move'],
    ['医保怎么缴费', 'scheme medical, action pay'],
    ['宝宝刚出生怎么参保', 'action enrol, people newborn'],
    ['学生医保 2027年交多少钱', 'scheme medical, action pay, people student, year 2027'],
    ['明年还要交吗', 'year 2027'],
    ['去年的发票', 'year 2025'],
    ['意外险住院赔多少', 'scheme commercial, care hospital'],
    ['户口迁到城里要什么', 'scheme elsewhere'],
    ['外地户口能参保吗', 'away away, action enrol'],
    ['没带身份证能看病吗', ''],
    ['你好', ''],
  ])('%s', (raw, named) => {
    expect(brief(raw)).toBe(named)
  })
})

describe('two questions', () => {
  it.each([
    ['住院能报多少', '门诊能报多少', 'care'],
    ['养老保险怎么转移', '医保关系怎么转移', 'scheme'],
    ['改名字派出所要什么材料', '改了名字医保怎么变更', 'scheme'],
    ['商业医疗保险怎么报销', '医保怎么报销', 'scheme'],
    ['异地就医备案怎么取消', '异地就医怎么报销', 'action'],
    ['退休人员怎么交', '学生怎么交', 'people'],
    ['今年交多少', '2027年交多少', 'year'],
  ])('%s and %s are not the same', (asked, offered, slot) => {
    expect(clash(of(asked), of(offered))).toBe(slot)
  })

  it.each([
    ['住院能报多少', '住院和门诊能报多少'],
    ['能报多少', '住院能报多少'],
    ['没备案能报销吗', '异地就医怎么备案'],
    ['今年交多少', '2026年交多少'],
  ])('%s and %s may be the same', (asked, offered) => {
    expect(clash(of(asked), of(offered))).toBeUndefined()
  })

  it('are not the same where only the asker names what others deal with', () => {
    expect(clash(of('重疾险理赔要什么材料'), of('手工报销要什么材料'))).toBe('scheme')
    expect(clash(of('手工报销要什么材料'), of('商业保险理赔以后医保报销要什么材料'))).toBeUndefined()
    expect(isOthersBusiness(of('落户要几天'))).toBe(true)
    expect(isOthersBusiness(of('落户以后医保怎么办'))).toBe(false)
  })

  it('leave open what the asker did not name and they fill differently', () => {
    expect(undecided(of('报销比例'), of('住院报销比例'), of('门诊报销比例'))).toBe('care')
    expect(undecided(of('住院报销比例'), of('住院报销比例'), of('门诊报销比例'))).toBeUndefined()
    expect(undecided(of('报销比例'), of('报销比例'), of('门诊报销比例'))).toBeUndefined()
  })
})

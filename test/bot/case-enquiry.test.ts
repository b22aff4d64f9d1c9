import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { caseNumberAsked } from '../../bot/case-enquiry.ts'
import { caseWording, progressWords } from '../../bot/case-wording.ts'
import { caseStates } from '../../contract/case.ts'
import { caseNumberIn } from '../../contract/case-progress.ts'

const number = 'ZG20261122-0001'

describe('the number of a case', () => {
  it.each([
    'ZG20261122-0001',
    'zg20261122-0001 办到哪了',
    'ＺＧ２０２６１１２２－０００１',
    '编号 ZG 20261122 0001',
    '202611220001',
    '编号是二零二六一一二二杠零零零幺',
  ])('is read out of %s', (said) => expect(caseNumberIn(said)).toBe(number))

  it.each(['13800138000', '我的身份证 340601199001011234', '2026年11月22日缴费', 'ZG20261322-0001', ''])(
    'is not read out of %s',
    (said) => expect(caseNumberIn(said)).toBeUndefined(),
  )
})

describe('a question where a case stands', () => {
  it.each([`${number} 办到哪了`, number, `请帮我查一下编号${number}`, `我的编号是${number}`, `${number}处理好了吗`])(
    'is heard in: %s',
    (said) => expect(caseNumberAsked(said)).toBe(number),
  )

  it.each([`${number} 你们态度太差，我不同意`, '怎么投诉医院乱收费', '住院报销进度怎么查', '异地备案办到哪里'])(
    'is not heard in: %s',
    (said) => expect(caseNumberAsked(said)).toBeUndefined(),
  )

  it('may come without the number, of what is their own', () => {
    for (const said of ['我的投诉办到哪了', '我反映的问题有结果了吗']) expect(caseNumberAsked(said)).toBe('')
  })
})

describe('what is told', () => {
  const progress = { number, kind: 'complaint', openedOn: '2026-11-22', provisional: false, reopened: 0 } as const

  it('says the state, the fix as it was told, and the day, which is promised only while it is to come', () => {
    const of = (today: string) => progressWords({ ...progress, state: 'rectifying', dueOn: '2026-12-09' }, today)
    expect(of('2026-12-09')).toBe(`编号 ${number}：正在整改。会在 2026年12月9日 前办结。`)
    expect(of('2026-12-10')).toBe(`编号 ${number}：正在整改。办结期限 2026年12月9日 已过，正在督办，给您添麻烦了。`)
    const done = { ...progress, state: 'closed', dueOn: '2026-12-09', remedy: '已补发须知' } as const
    expect(progressWords(done, '2026-12-10')).toBe(`编号 ${number}：已经办结。办理结果：已补发须知。`)
  })

  it('thanks nobody for confirming, and calls closed only what is', () => {
    fc.assert(
      fc.property(fc.constantFrom(...caseStates), (state) => {
        const told = caseWording.ratedMeanwhile(number, state)
        expect(told).toContain(number)
        expect(told).not.toContain('确认')
        expect(told.includes('已办结')).toBe(state === 'closed')
      }),
    )
  })
})

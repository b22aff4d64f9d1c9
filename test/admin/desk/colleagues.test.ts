import { describe, expect, it } from 'vitest'
import { filled } from '../../../contract/canned.ts'
import { saidName } from '../../../admin/desk/said-name.ts'
import { valuesAt } from '../../../admin/desk/canned-values.ts'
import { viewingWords } from '../../../admin/desk/viewing-words.ts'

const viewer = (workNumber: string) => ({ staffId: workNumber, workNumber })

describe('who is at a conversation', () => {
  it.each([
    [[], {}, ''],
    [['1002', '1003'], {}, '工号 1002、1003 也在看'],
    [['1002', '1003'], { '1002': 'note' }, '工号 1002 正在写备注，工号 1003 也在看'],
    [['1002'], { '1002': 'reply' }, '工号 1002 正在回复市民'],
    [[], { '1001': 'reply' }, '您在另一个窗口正在回复市民'],
  ] as const)('%j writing %j is told as %j', (there, writing, words) => {
    const acts = new Map(Object.entries(writing).map(([number, what]) => [number, { what }] as const))
    expect(viewingWords(there.map(viewer), acts, '1001')).toBe(words)
  })
})

describe('the variables of a canned reply', () => {
  it.each([
    ['2026-11-21T22:00:00Z', '上午好', '06:00', '2026年11月22日'],
    ['2026-11-22T03:00:00Z', '中午好', '11:00', '2026年11月22日'],
    ['2026-11-22T05:30:00Z', '下午好', '13:30', '2026年11月22日'],
    ['2026-11-22T10:00:00Z', '晚上好', '18:00', '2026年11月22日'],
    ['2026-12-31T16:05:00Z', '晚上好', '00:05', '2027年1月1日'],
  ])('at %s are of the bureau’s own clock', (moment, greeting, time, day) => {
    const values = valuesAt(new Date(moment), { workNumber: '1002', bureau: '医保局' })
    expect(values).toMatchObject({ 问候: greeting, 时间: time, 日期: day, 工号: '1002', 单位: '医保局', 称呼: '您' })
  })

  it.each([
    ['nobody in particular', [], '您好', '市民朋友，您好'],
    ['somebody by their whole name', ['你好', '我叫王小明，想问报销'], '王小明您好', '王小明，您好'],
    ['somebody by surname and title', ['我是李女士', '我问一下异地备案'], '李女士您好', '李女士，您好'],
    ['somebody who gave a surname alone', ['免贵姓张'], '您好', '市民朋友，您好'],
    ['somebody by the name they gave last', ['我叫王芳', '不对，我叫陈静'], '陈静您好', '陈静，您好'],
    ['nobody by what is no name', ['我叫了车去医院', '我是老师', '姓名怎么改'], '您好', '市民朋友，您好'],
  ])('address %s', (_whom, words, short, long) => {
    const given = { workNumber: '1002', bureau: '医保局', name: saidName(words) }
    const values = valuesAt(new Date('2026-11-22T03:00:00Z'), given)
    expect([filled('{{称呼}}好', values), filled('{{姓名}}，您好', values)]).toEqual([short, long])
  })
})

/** Notices as tables bring them: every place filled, every fault with its place, nothing half sent. */
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { noticeRows, rendered, templateFault } from '../../desk/notice.ts'

const template = '{称呼}您好，{年度}年度个人缴费{金额}元，请于{截止日期}前缴纳。'
const head = ['手机号', '称呼', '年度', '截止日期', '金额']
const good = ['138 0013 8000', '张先生', '2027', '2026-12-31', '400']
const sheet = (...rows: string[][]) => rows.map((cells, i) => ({ number: i + 1, cells }))
const read = (...rows: string[][]) => noticeRows('payment_due', template, sheet(...rows))
const faultsOf = (...rows: string[][]) => read(...rows).faults

describe('a table', () => {
  it('fills the template of each row and tells the way out', () => {
    expect(read(head, good)).toEqual({
      rows: [
        {
          phone: '13800138000',
          text: '张先生您好，2027年度个人缴费400元，请于2026-12-31前缴纳。回复TD退订',
        },
      ],
      faults: [],
    })
  })

  it('may name its columns in any order', () => {
    expect(read([...head].reverse(), [...good].reverse()).rows).toEqual(read(head, good).rows)
  })

  it('names the cell of every fault', () => {
    const faults = faultsOf(head, good, ['02112345678', '', '2027', '2026-12-31', '4'.repeat(61)])
    expect(faults).toEqual([
      { row: 3, column: '手机号', message: '不是 11 位手机号' },
      { row: 3, column: '称呼', message: '没有填写' },
      { row: 3, column: '金额', message: '不能超过 60 个字' },
    ])
  })

  it.each([
    ['lacks a column', head.slice(0, 4), '金额', '表头没有这一列'],
    ['has a column of another notice', [...head, '办理地点'], '办理地点', '这种通知没有这一列'],
    ['has a column twice', [...head, '金额'], '金额', '表头里这一列写了两次'],
  ])('that %s is refused whole', (_, columns, column, message) => {
    expect(read(columns, good)).toEqual({ rows: [], faults: [{ row: 1, column, message }] })
  })

  it('without rows, or without anything, is refused', () => {
    expect(faultsOf(head)).toEqual([{ row: 1, column: '', message: '表头下面没有内容' }])
    expect(faultsOf()).not.toEqual([])
  })

  it('never leaves a brace in what a citizen reads, whatever stands in the cells', () => {
    fc.assert(
      fc.property(fc.array(fc.string({ maxLength: 12 }), { minLength: 4, maxLength: 4 }), (cells) => {
        const plain = cells.map((cell) => cell.replace(/[{}]/g, ''))
        const { rows } = read(head, ['13800138000', ...plain])
        for (const { text } of rows) expect(text).not.toMatch(/[{}]|undefined/)
      }),
    )
  })
})

describe('a template', () => {
  it.each([
    [template, undefined],
    ['{称呼}您好', undefined],
    ['请按时缴费', '至少用一个变量'],
    ['{姓名}您好', '没有“{姓名}”这个变量'],
    ['{称呼您好', '大括号没有成对'],
    ['{称呼}您好}', '大括号没有成对'],
    ['{}{称呼}', '没有“{}”这个变量'],
  ])('"%s" is told: %s', (text, fault) => {
    const told = templateFault('payment_due', text)
    if (fault) expect(told).toContain(fault)
    else expect(told).toBeUndefined()
  })

  it('does not read the values it is filled with as places', () => {
    expect(
      rendered(
        '{称呼}您好',
        new Map([
          ['称呼', '{金额}'],
          ['金额', '1'],
        ]),
      ),
    ).toBe('{金额}您好回复TD退订')
  })
})

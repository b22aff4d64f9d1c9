/** What leaves as a table and comes in as one: no cell runs in a spreadsheet, and every fault names its place. */
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import type { CaseRow } from '../../contract/case.ts'
import { Problem } from '../../contract/problem.ts'
import { readCsv } from '../../knowledge/sheet/csv.ts'
import { readXlsx } from '../../knowledge/sheet/xlsx.ts'
import { casesTable } from '../../server/case-tables.ts'
import { orderResultsTable, ordersIn, orderTemplate } from '../../server/order-tables.ts'
import { momentOf, wallTime } from '../../server/wall-time.ts'

const row: CaseRow = {
  id: 'x',
  number: 'ZG20261122-0001',
  kind: 'complaint',
  source: '12345',
  state: 'to_verify',
  text: '窗口提前下班',
  owner: '李四',
  isUnowned: false,
  openedAt: '2026-11-22T02:05:00.000Z',
  firstContactDueOn: '2026-11-23',
  dueOn: '2026-12-09',
  provisional: true,
  overdue: false,
  rung: 'remind',
  reopened: 0,
  extended: 1,
}
const cities = { cityCodeOf: (name: string) => (name === '淮北' ? '340600' : undefined) }

describe('a table of cases', () => {
  it('has every case in words, in both formats alike', () => {
    const [head, first] = readCsv(casesTable([row], 'csv')).rows
    expect(readXlsx(casesTable([row], 'xlsx')).rows).toEqual([head, first])
    expect(first?.cells).toEqual([
      ...['ZG20261122-0001', '12345', '投诉', '待核实', '窗口提前下班', '', '李四', '', '2026-11-22 10:05'],
      ...['2026-11-23', '2026-12-09（暂定）', '', '催办', '1', '0'],
    ])
  })

  it('runs nothing, whatever a citizen wrote or a colleague is called', () => {
    const words = fc
      .tuple(fc.constantFrom('=', '+', '-', '@', '\t', '＝', ''), fc.string())
      .map((parts) => parts.join(''))
    fc.assert(
      fc.property(words, words, (text, owner) => {
        for (const { cells } of readCsv(casesTable([{ ...row, text, owner }], 'csv')).rows)
          for (const cell of cells) expect(cell).not.toMatch(/^[=+\-@\t\r＝＋－＠]/)
      }),
      { numRuns: 300 },
    )
  })
})

describe('a table of results', () => {
  it('runs nothing either', () => {
    const result = {
      number: 'A-0001',
      caseNumber: 'ZG1',
      outcome: 'returned',
      dueOn: '2026-12-09',
      returnReason: '=1+1',
    } as const
    expect(readCsv(orderResultsTable([result], 'csv')).rows[1]?.cells.at(-1)).toBe(`'=1+1`)
  })
})

describe('a table of orders', () => {
  const [head] = readXlsx(orderTemplate()).rows
  const order = ['A-0001', '投诉', '是', '标题', `'=内容`, '淮北', '', '', '2026年11月22日 9:05', '46000', '']
  const sheet = (...rows: string[][]) => ({
    rows: [head ?? expect.unreachable('no head'), ...rows.map((cells, i) => ({ number: i + 2, cells }))],
  })

  it('is read as its own template has it, days and moments in every way that they are written', () => {
    const read = {
      number: 'A-0001',
      type: 'complaint',
      urgent: true,
      title: '标题',
      text: '=内容',
      city: '340600',
      receivedAt: '2026-11-22T09:05:00+08:00',
      dueOn: '2025-12-09',
    }
    expect(ordersIn(sheet(order), cities)).toEqual({ orders: [read], changes: [] })
  })

  it('tells orders from what became of them, which needs no more than number and moment', () => {
    const change = (动态: string, at: string, dueOn = '', note = '') => [
      ...['A-0001', '', '', '', note, '', '', '', at, dueOn, 动态],
    ]
    const urge = change('催办', '2026-11-23 9:00', '', '市民再次来电')
    const rows = [order, urge, change('更改期限', '2026-11-24 9:00', '2026-12-08'), change('撤回', '2026-11-25 9:00')]
    const at = (day: string) => `2026-11-${day}T09:00:00+08:00`
    expect(ordersIn(sheet(...rows), cities).changes).toEqual([
      { number: 'A-0001', change: 'urge', at: at('23'), note: '市民再次来电' },
      { number: 'A-0001', change: 'deadline', at: at('24'), dueOn: '2026-12-08' },
      { number: 'A-0001', change: 'withdraw', at: at('25') },
    ])
    const faulty = [change('更改期限', '2026-11-24 9:00'), change('催促', ''), urge, urge]
    expect(fieldsOf(() => ordersIn(sheet(...faulty), cities))).toEqual([
      ...['2.办理期限', '3.动态', '3.受理时间', '5.工单编号'],
    ])
  })

  it('names every fault by row and column, and a number that comes twice', () => {
    const broken = [...order]
    broken[1] = '表扬'
    broken[5] = '某地'
    expect(fieldsOf(() => ordersIn(sheet(order, broken), cities))).toEqual(['3.诉求类型', '3.地区', '3.工单编号'])
    expect(fieldsOf(() => ordersIn(sheet(), cities))).toEqual(['2.'])
    expect(fieldsOf(() => ordersIn({ rows: [{ number: 1, cells: ['工单编号'] }] }, cities))).toContain('1.诉求类型')
  })
})

it('writes a moment as the wall has it, and reads it back', () => {
  expect(wallTime(momentOf('2026-11-22 09:05'))).toBe('2026-11-22 09:05')
  expect(momentOf('46348.4201388889')).toBe('2026-11-22T10:05:00+08:00')
  expect(momentOf('昨天')).toBe('昨天')
})

function fieldsOf(act: () => unknown): string[] {
  try {
    act()
  } catch (error) {
    if (error instanceof Problem) return error.fields.map(({ path }) => path)
    throw error
  }
  return []
}

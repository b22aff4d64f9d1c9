/** The published page on made-up months: what it says is so, and what is left out cannot be read from it. */
import fc from 'fast-check'
import { expect, it } from 'vitest'
import { publishedMonth } from '../../desk/published-month.ts'
import type { FixedCase, UnitCounts } from '../../desk/published-ratings.store.ts'
import { publicPage } from '../../server/http/public-page.ts'

/** The page of a month as it would be published. */
const pageOf = (counts: readonly UnitCounts[], fixed: readonly FixedCase[]) =>
  publicPage({
    ...{ bureau: '<b>某局</b>', month: '2026-11', days: '2026年11月1日至2026年11月30日', publishedOn: '2026年12月2日' },
    ...{ address: 'https://example.gov.cn/public?month=2026-11', months: ['2026-11', '2026-10', '2025-12'] },
    content: publishedMonth(counts, fixed),
  })
const counts = fc.uniqueArray(
  fc.record<UnitCounts>({
    unit: fc.constantFrom('bot', 'agent', 'case', 'window'),
    window: fc.constant(null),
    level: fc.constantFrom(1, 2, 3, 4, 5),
    count: fc.oneof(fc.integer({ min: 1, max: 9 }), fc.integer({ min: 5, max: 900 })),
  }),
  { selector: ({ unit, level }) => `${unit}${level}` },
)

it('shows no count from 1 to 4, and says of nothing that is left out how large it is', () => {
  fc.assert(
    fc.property(counts, (made) => {
      const page = pageOf(made, [])
      const cells = [...page.matchAll(/<td>([^<]*)<\/td>/g)].map(([, cell]) => cell ?? '')
      for (const cell of cells) expect(cell).toMatch(/^(不公布|0|[5-9]|[1-9]\d+)$/)
      expect(page).not.toContain('<b>某局')
    }),
  )
})

const fixedCases = fc.array(
  fc.record<FixedCase>({
    month: fc.constant('2026-11'),
    kind: fc.constantFrom('complaint', 'bad_rating'),
    unit: fc.constantFrom('bot', 'agent', null),
    window: fc.constant(null),
    reasons: fc.constant([]),
    onTime: fc.boolean(),
    result: fc.constantFrom('satisfied', 'dissatisfied', 'unreachable', null, '4'),
  }),
  { maxLength: 40 },
)

it('lets no small number of cases be read, nor be found by subtraction', () => {
  fc.assert(
    fc.property(fixedCases, (fixed) => {
      const page = pageOf([], fixed)
      for (const [, told] of page.matchAll(/(\d+) 件/g)) if (Number(told) !== 0) expect(Number(told)).toBeGreaterThan(4)
      const late = fixed.filter(({ onTime }) => !onTime).length
      const isSmall = [late, fixed.length - late].some((count) => count > 0 && count < 5)
      if (isSmall) expect(page).not.toMatch(/按期办结|逾期办结|逾期 \d/)
      for (const [, cell] of page.matchAll(/<td>([^<]*)<\/td>/g)) expect(cell).toMatch(/^(不公布|0|[5-9]|[1-9]\d+)$/)
    }),
  )
})

it('keeps a handful of cases to itself', () => {
  const place = { unit: null, window: null } as const
  const fixed = { ...place, month: '2026-11', kind: 'complaint', onTime: false, result: '1' } as const
  const few = pageOf(
    [],
    Array.from({ length: 4 }, () => ({ ...fixed, reasons: ['等候太久'] })),
  )
  expect(few).toContain('少于 5 件，明细不公布')
  expect(few).not.toContain('等候太久')
  const many = pageOf(
    [],
    Array.from({ length: 7 }, () => ({ ...fixed, reasons: ['等候太久'] })),
  )
  expect(many).toContain('按期办结 0 件，逾期 7 件')
  expect(many).toContain('等候太久 7 件')
})

it('keeps of a month nothing that is not shown', () => {
  fc.assert(
    fc.property(counts, fixedCases, (made, fixed) => {
      const numbers = (of: unknown): number[] =>
        typeof of === 'number' ? [of] : typeof of === 'object' && of !== null ? Object.values(of).flatMap(numbers) : []
      for (const kept of numbers(publishedMonth(made, fixed))) expect(kept === 0 || kept >= 5).toBe(true)
    }),
  )
})

it('leads to the other months, the newest first, and names the one that is shown', () => {
  const page = pageOf([], [])
  const links = [...page.matchAll(/<a href="\/public\?month=([^"]+)"( aria-current="page")?/g)]
  expect(links.map(([, month, isShown]) => [month, Boolean(isShown)])).toEqual([
    ['2026-11', true],
    ['2026-10', false],
    ['2025-12', false],
  ])
})

/** The published page on made-up months: what it says is so, and what is left out cannot be read from it. */
import fc from 'fast-check'
import { expect, it } from 'vitest'
import type { UnitCounts } from '../../desk/published-ratings.store.ts'
import { publicPage } from '../../server/http/public-page.ts'

const month = { bureau: '<b>某局</b>', from: '2026年11月1日', to: '2026年11月30日' }
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
      const page = publicPage({ ...month, counts: made, fixed: [] })
      const cells = [...page.matchAll(/<td>([^<]*)<\/td>/g)].map(([, cell]) => cell ?? '')
      for (const cell of cells) expect(cell).toMatch(/^(不公布|0|[5-9]|[1-9]\d+)$/)
      expect(page).not.toContain('<b>某局')
    }),
  )
})

it('keeps a handful of cases to itself', () => {
  const fixed = { month: '2026-11', kind: 'complaint', reasons: ['等候太久'], onTime: false, result: '1' } as const
  const few = publicPage({
    ...month,
    counts: [],
    fixed: Array.from({ length: 4 }, () => ({ ...fixed, reasons: ['等候太久'] })),
  })
  expect(few).toContain('少于 5 件，明细不公布')
  expect(few).not.toContain('等候太久')
  const many = publicPage({
    ...month,
    counts: [],
    fixed: Array.from({ length: 7 }, () => ({ ...fixed, reasons: ['等候太久'] })),
  })
  expect(many).toContain('按期办结 0 件，逾期 7 件')
  expect(many).toContain('等候太久 7 件')
})

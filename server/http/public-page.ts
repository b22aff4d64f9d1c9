/** /public: 好差评 as published, by level and unit, and what was put right. Numbers under five, and what would tell them, are left out. */
import { caseKindNames } from '../../contract/case.ts'
import { unitNames } from '../../contract/figure.ts'
import { levelNames, type Level } from '../../contract/rating.ts'
import { leastPublished, suppressed } from '../../desk/suppression.ts'
import type { FixedCase, UnitCounts } from '../../desk/published-ratings.store.ts'
import { page, textOf } from './public-page-frame.ts'

export type Published = {
  bureau: string
  /** First and last day, as people read them. */
  from: string
  to: string
  counts: readonly UnitCounts[]
  fixed: readonly FixedCase[]
}

const levels: readonly Level[] = [5, 4, 3, 2, 1]
const few = `少于 ${leastPublished}`
/** Of what is left out nothing is said, not even that it is small: some of it is not. */
const cell = (count: number | null) => `<td>${count ?? '不公布'}</td>`
/** So that no single case stands alone among few. */
const leastCases = leastPublished

export function publicPage({ bureau, from, to, counts, fixed }: Published): string {
  const units = [...new Set(counts.map(nameOf))].sort()
  const table = suppressed(
    units.map((unit) =>
      levels.map((level) =>
        counts.filter((one) => nameOf(one) === unit && one.level === level).reduce((sum, { count }) => sum + count, 0),
      ),
    ),
  )
  const rows = units.map(
    (unit, y) =>
      `<tr><th scope="row">${textOf(unit)}</th>${table.cells[y]?.map(cell).join('') ?? ''}${cell(table.rows[y] ?? null)}</tr>`,
  )
  const total = `<tr><th scope="row">合计</th>${table.columns.map(cell).join('')}${cell(table.total)}</tr>`
  const ratings =
    units.length === 0
      ? '<p>这段时间没有收到评价。</p>'
      : `<div class="wide"><table><caption>市民主动给出的评价；没有评价的不算满意，申诉成立的不计</caption>
<thead><tr><th scope="col">评价对象</th>${levels.map((level) => `<th scope="col">${levelNames[level]}</th>`).join('')}<th scope="col">合计</th></tr></thead>
<tbody>${rows.join('\n')}\n${total}</tbody></table></div>${shareOf(table.columns, table.total)}`
  return page(
    bureau,
    '好差评公示',
    `<h1>好差评公示</h1>
<p>${textOf(from)}至${textOf(to)}。评价由市民自愿给出，差评与投诉逐件核实整改并回访。为保护个人信息，${few} 的数字，以及能推算出它们的数字，不公布；个案不公布内容。</p>
<h2>评价</h2>
${ratings}
<h2>差评与投诉的整改</h2>
${fixedPart(fixed)}`,
  )
}

const nameOf = ({ unit, window }: Pick<UnitCounts, 'unit' | 'window'>) => window ?? unitNames[unit]
const aboutOf = ({ kind, unit, window }: FixedCase) =>
  unit === null ? caseKindNames[kind] : `${caseKindNames[kind]}：${nameOf({ unit, window })}`

function shareOf(columns: readonly (number | null)[], total: number | null): string {
  const good = columns.slice(0, 3)
  if (!total || columns.some((count) => count === null)) return ''
  const share = good.reduce<number>((sum, count) => sum + (count ?? 0), 0) / total
  return `<p>满意率（基本满意及以上）${(share * 100).toFixed(1)}%。</p>`
}

const results: Readonly<Record<string, string>> = {
  satisfied: '回访满意',
  dissatisfied: '回访不满意',
  unreachable: '多次联系不上',
}
const resultOf = (result: string | null) =>
  result === null ? '未回访' : (results[result] ?? (Number(result) >= 3 ? '市民对整改满意' : '市民对整改不满意'))

const placeOf = (about: string, end: string) => `${about} ${end}`

function fixedPart(fixed: readonly FixedCase[]): string {
  if (fixed.length < leastCases)
    return fixed.length === 0 ? '<p>这段时间没有办结的整改。</p>' : `<p>这段时间办结的整改${few} 件，明细不公布。</p>`
  const counts = new Map<string, number>()
  for (const one of fixed) {
    const place = placeOf(aboutOf(one), resultOf(one.result))
    counts.set(place, (counts.get(place) ?? 0) + 1)
  }
  const abouts = [...new Set(fixed.map(aboutOf))].sort()
  const ends = [...new Set(fixed.map(({ result }) => resultOf(result)))].sort()
  const table = suppressed(abouts.map((about) => ends.map((end) => counts.get(placeOf(about, end)) ?? 0)))
  const late = fixed.filter(({ onTime }) => !onTime).length
  // Two parts of one sum: where one of them is small, the other would tell it.
  const [inTime, tooLate] = suppressed([[fixed.length - late, late]]).cells[0] ?? []
  const onTime = typeof inTime !== 'number' ? '按期与逾期的件数不公布' : `按期办结 ${inTime} 件，逾期 ${tooLate} 件`
  return `<p>办结 ${fixed.length} 件，${onTime}。</p>
<div class="wide"><table><thead><tr><th scope="col">来由与对象</th>${ends.map((end) => `<th scope="col">${textOf(end)}</th>`).join('')}<th scope="col">合计</th></tr></thead>
<tbody>${abouts.map((about, y) => `<tr><th scope="row">${textOf(about)}</th>${table.cells[y]?.map(cell).join('') ?? ''}${cell(table.rows[y] ?? null)}</tr>`).join('\n')}</tbody></table></div>
${reasonsPart(fixed)}`
}

/** Why they were discontent, where at least five were for the same reason. */
function reasonsPart(fixed: readonly FixedCase[]): string {
  const counts = new Map<string, number>()
  for (const reason of fixed.flatMap(({ reasons }) => reasons)) counts.set(reason, (counts.get(reason) ?? 0) + 1)
  const often = [...counts].filter(([, count]) => count >= leastPublished).sort(([, one], [, other]) => other - one)
  if (often.length === 0) return ''
  return `<p>市民说得最多的：${often.map(([reason, count]) => `${textOf(reason)} ${count} 件`).join('，')}。</p>`
}

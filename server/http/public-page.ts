/** /public: 好差评 as published, a month a page, by level and unit, and what was put right; the other months beside it. */
import { levelNames } from '../../contract/rating.ts'
import { bestFirst, type PublishedFixes, type PublishedMonth } from '../../desk/published-month.ts'
import { leastPublished } from '../../desk/suppression.ts'
import { page, textOf } from './public-page-frame.ts'

export type Published = {
  bureau: string
  /** 'YYYY-MM' */
  month: string
  /** The days of the month and the day of publishing, as people read them. */
  days: string
  publishedOn: string
  /** What the month is found at, for paper. */
  address: string
  content: PublishedMonth
  /** Every month that can be read, the newest first. */
  months: readonly string[]
}

const title = '好差评公示'
const few = `少于 ${leastPublished}`
/** Of what is left out nothing is said, not even that it is small: some of it is not. */
const cell = (count: number | null) => `<td>${count ?? '不公布'}</td>`
const monthWords = (month: string) => `${Number(month.slice(0, 4))}年${Number(month.slice(5))}月`

export function publicPage({ bureau, month, days, publishedOn, address, content, months }: Published): string {
  return page(
    bureau,
    `${title} ${monthWords(month)}`,
    `<h1>${title}</h1>
<p>${textOf(days)}，${textOf(publishedOn)}公布，公布后不再改动。评价由市民自愿给出，差评与投诉逐件核实整改并回访。为保护个人信息，${few} 的数字，以及能推算出它们的数字，不公布；个案不公布内容。</p>
<h2>评价</h2>
${ratingsPart(content.ratings)}
<h2>差评与投诉的整改</h2>
${fixedPart(content.fixed)}
${monthsPart(months, month)}
<p class="paper">${textOf(address)}</p>`,
    style,
  )
}

/** @param told why there is nothing to see, in one sentence. */
export function noMonthPage(bureau: string, told: string, months: readonly string[]): string {
  return page(bureau, title, `<h1>${title}</h1>\n<p role="alert">${textOf(told)}</p>\n${monthsPart(months)}`, style)
}

function monthsPart(months: readonly string[], shown?: string): string {
  if (months.length === 0 || (months.length === 1 && months[0] === shown)) return ''
  const years = [...new Set(months.map((month) => month.slice(0, 4)))]
  const link = (month: string) =>
    month === shown
      ? `<a href="/public?month=${month}" aria-current="page">${Number(month.slice(5))}月</a>`
      : `<a href="/public?month=${month}">${Number(month.slice(5))}月</a>`
  const lines = years.map(
    (year) =>
      `<li>${year}年 ${months
        .filter((one) => one.startsWith(year))
        .map(link)
        .join(' ')}</li>`,
  )
  return `<nav class="months" aria-labelledby="months-title"><h2 id="months-title">各月公示</h2><ul>${lines.join('\n')}</ul></nav>`
}

function ratingsPart({ units, counts }: PublishedMonth['ratings']): string {
  if (units.length === 0) return '<p>这段时间没有收到评价。</p>'
  const rows = units.map(
    (unit, y) =>
      `<tr><th scope="row">${textOf(unit)}</th>${counts.cells[y]?.map(cell).join('') ?? ''}${cell(counts.rows[y] ?? null)}</tr>`,
  )
  const total = `<tr><th scope="row">合计</th>${counts.columns.map(cell).join('')}${cell(counts.total)}</tr>`
  return `<div class="wide"><table><caption>市民主动给出的评价；没有评价的不算满意，申诉成立的不计</caption>
<thead><tr><th scope="col">评价对象</th>${bestFirst.map((level) => `<th scope="col">${levelNames[level]}</th>`).join('')}<th scope="col">合计</th></tr></thead>
<tbody>${rows.join('\n')}\n${total}</tbody></table></div>${shareOf(counts.columns, counts.total)}`
}

function shareOf(columns: readonly (number | null)[], total: number | null): string {
  const good = columns.slice(0, 3)
  if (!total || columns.some((count) => count === null)) return ''
  const share = good.reduce<number>((sum, count) => sum + (count ?? 0), 0) / total
  return `<p>满意率（基本满意及以上）${(share * 100).toFixed(1)}%。</p>`
}

function fixedPart(fixed: PublishedMonth['fixed']): string {
  if (fixed === 'none') return '<p>这段时间没有办结的整改。</p>'
  if (fixed === 'few') return `<p>这段时间办结的整改${few} 件，明细不公布。</p>`
  const { closed, inTime, late, abouts, ends, counts, reasons } = fixed
  const onTime = inTime === null ? '按期与逾期的件数不公布' : `按期办结 ${inTime} 件，逾期 ${late} 件`
  return `<p>办结 ${closed} 件，${onTime}。</p>
<div class="wide"><table><thead><tr><th scope="col">来由与对象</th>${ends.map((end) => `<th scope="col">${textOf(end)}</th>`).join('')}<th scope="col">合计</th></tr></thead>
<tbody>${abouts.map((about, y) => `<tr><th scope="row">${textOf(about)}</th>${counts.cells[y]?.map(cell).join('') ?? ''}${cell(counts.rows[y] ?? null)}</tr>`).join('\n')}</tbody></table></div>
${reasonsPart(reasons)}`
}

function reasonsPart(reasons: PublishedFixes['reasons']): string {
  if (reasons.length === 0) return ''
  return `<p>市民说得最多的：${reasons.map(({ text, count }) => `${textOf(text)} ${count} 件`).join('，')}。</p>`
}

const style = `
.months ul { list-style: none; margin: 0; padding: 0; }
.months a { display: inline-block; min-height: 44px; line-height: 44px; padding: 0 .6rem; }
.months a[aria-current] { font-weight: 600; color: #1d2733; text-decoration: none; }
.paper { display: none; }
@media print { .months { display: none; } .paper { display: block; color: #5b6b7b; } }
`

/**
 * The question for a city or an insurance as something to choose from, and what a choice of it means. Pure.
 *
 * On a screen every city is there at once; a caller hears three things at most, so the cities come in pages.
 */
import type { Choice } from '../contract/answer.ts'
import { insuranceSchema } from '../contract/text.ts'
import type { Channel, Saying } from '../contract/turn.ts'
import type { City } from '../knowledge/cities.ts'
import type { Scope } from './context.ts'
import { contextWording, insuranceNames } from './context-wording.ts'

/** `page`: the cities from this one on; 'none': it was not told. */
export type Chosen = Scope | { page: number } | 'none'

const citiesHeardAtOnce = 2

export function insuranceSaying(): Saying {
  const { employee, resident } = insuranceNames
  return {
    text: contextWording.askInsurance,
    choices: [
      { id: 'insurance:employee', question: employee },
      { id: 'insurance:resident', question: resident },
      { id: 'insurance:', question: contextWording.notSure },
    ],
  }
}

/** @param likely codes of cities that have an answer; they come first. @param from how many were heard before. */
export function regionSaying(all: readonly City[], likely: readonly string[], channel: Channel, from = 0): Saying {
  const ordered = [...all].sort((a, b) => place(a, likely) - place(b, likely))
  const atOnce = channel === 'phone' ? ordered.slice(from, from + citiesHeardAtOnce) : ordered
  const next = from + citiesHeardAtOnce
  const isMore = channel === 'phone' && next < ordered.length
  const choices = atOnce.map(({ code, name }): Choice => ({ id: `region:${code}`, question: name }))
  const other = { id: isMore ? `region-page:${next}` : 'region:', question: contextWording.otherCity }
  return { text: contextWording.askRegion, choices: [...choices, other] }
}

/** Cities that have an answer of their own beside the country's that is told. */
export function ownCityChoices(all: readonly City[], codes: readonly string[]): Choice[] {
  return codes.flatMap((code) => {
    const city = all.find((one) => one.code === code)
    return city ? [{ id: `region:${code}`, question: contextWording.insuredIn(city.name) }] : []
  })
}

/** @returns undefined for a choice of something else. */
export function chosen(id: string): Chosen | undefined {
  const [, kind, value = ''] = /^(region|insurance|region-page):(.*)$/.exec(id) ?? []
  if (kind === undefined) return undefined
  if (value === '') return 'none'
  if (kind === 'region-page') return { page: Number(value) }
  return kind === 'region' ? { region: value } : { insurance: insuranceSchema.parse(value) }
}

function place({ code }: City, likely: readonly string[]): number {
  const at = likely.indexOf(code)
  return at === -1 ? likely.length : at
}

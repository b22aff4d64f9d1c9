/** What the bot says about whom it answers for and what it goes on with. No policy stands here. */
import type { Insurance } from '../contract/text.ts'
import type { Cities } from '../knowledge/cities.ts'
import type { Scope } from './context.ts'

export const insuranceNames: Record<Insurance, string> = { employee: '职工医保', resident: '居民医保' }

export const contextWording = {
  askRegion: '各地规定不同，您在哪里参保：',
  askInsurance: '您参加的是哪一种医保：',
  otherCity: '其他城市',
  notSure: '不清楚',
  insuredIn: (city: string) => `我在${city}参保`,
  now: (scope: string) => `好的，以后按 ${scope} 为您解答。`,
  elsewhere: '好的，以后只按全国统一的规定为您解答。',
  aboutPart: (question: string) => `关于“${question}”，我不确定您问的是哪一个，请选一个：`,
  field: (question: string, field: string) => `“${question}”的${field}：`,
  noField: (question: string, field: string) =>
    `“${question}”的审核答复里没有写明${field}。您可以看完整答复，也可以转人工问。`,
  noneFor: (words: string, question: string) =>
    `关于“${words}”，我这里没有和“${question}”不同的规定。您可以看完整答复，也可以转人工问。`,
  fullAnswer: '看完整答复',
  person: '转人工',
} as const

/** '吕梁市 · 居民医保'; empty when nothing is known. */
export function scopeInWords({ region, insurance }: Scope, cities: Pick<Cities, 'nameOf'>): string {
  const city = region && cities.nameOf(region)
  return [city, insurance && insuranceNames[insurance]].filter(Boolean).join(' · ')
}

/**
 * Where somebody is insured and how, out of their own words: "我是职工医保", "我在吕梁，怎么参保", "换成荆门". Pure.
 *
 * Invariant: only a plain statement about oneself counts. A clause that holds anything but the city, the insurance and the
 * words of such a statement is a question and changes nothing that is remembered.
 */
import type { Insurance } from '../contract/text.ts'
import type { Cities } from '../knowledge/cities.ts'
import { normalise } from '../knowledge/text/normalise.ts'
import type { Fact, Scope } from './context.ts'

/** `rest`: what is still asked; empty when nothing is. */
export type Told = Scope & { rest: string }

const insuranceName = /(?:城镇|城乡)?(职工|居民)(?:基本)?(?:医疗保险|医保)?/gu
const statement =
  /^(?:我们家|我家|我们|我|本人|俺|人|现在|目前|已经|就|都|是|属于|在|住|的|参保地|参保|参加|投保|交|买|医保|医疗保险|这边|那边|地区|地|这里|换成|改成|改为|换到|换|切换到|切换|请|帮|按|用|市|县|查|了|一下)*$/u
const aboutOneself = /我|本人|俺|换|改|切换|参保地|按/
const leadsIn = /^我(?:是|参加的?是?|交的?是?|买的是)(?:城镇|城乡)?(职工|居民)/u
const notSure = /^(?:我?也?不(?:太|大)?(?:清楚|知道|懂|明白|记得)了?|都不是|不确定|忘了|说不清)$/u
const elsewhere =
  /^(?:我?(?:是|在)?(?:其他|别的|外地|其它)(?:城市|地方|地区)?(?:的|参保)?|都不是|不在这些(?:城市|地方))$/u
/** What somebody goes to another city for, after its name was taken out. */
const goneThere = /(?:去|到|在|来|往)(?:看|住院|就医|就诊|治|生孩子|做?手术|上班|工作|打工|上学|旅游|出差)/u

/** @returns undefined when the words state nothing about the one who says them. */
export function scopeTold(text: string, cities: Cities): Told | undefined {
  const clauses = text.split(/(?<=[，,。；;！!？?、\n])/u).filter((clause) => clause.trim() !== '')
  const read = clauses.map((clause) => stated(clause, cities))
  const isSpeakingOfOneself = read.some((clause) => clause?.isAboutOneself)
  if (!isSpeakingOfOneself) return insuranceToldFirst(text)
  const told: Scope = {}
  for (const clause of read) {
    if (clause?.region) told.region = clause.region
    if (clause?.insurance) told.insurance = clause.insurance
  }
  const rest = clauses.filter((_, at) => !read[at]).join('')
  return { ...told, rest: rest.trim() }
}

/** The answer to our own question for it, in words; 'none' when it cannot be told. */
export function scopeReplied(text: string, asked: Fact, cities: Cities): Scope | 'none' | undefined {
  const said = normalise(text)
  if (notSure.test(said) || (asked === 'region' && elsewhere.test(said))) return 'none'
  const found = stated(text, cities)
  return found?.[asked] ? { region: found.region, insurance: found.insurance } : undefined
}

/** The one city that a question of somebody without a city names as theirs; where they only go is not it. */
export function cityNamed(question: string, cities: Cities): string | undefined {
  const { text, codes } = cities.takenOut(normalise(question))
  return codes.length === 1 && !goneThere.test(text) ? codes[0] : undefined
}

/** Another city that this question alone is about: "荆门那边怎么报", "荆门的起付线". "在荆门住院" is not that. */
export function cityAlone(question: string, cities: Cities): string | undefined {
  const named = cities.mentions(normalise(question))
  const [one] = named
  if (!one || named.some(({ code }) => code !== one.code)) return undefined
  if (/^(?:参保|的?医保|交)/u.test(one.after)) return one.code
  const isOwn = /^(?:的|那边|这边|那里|那儿|居民|职工|呢|人)/u.test(one.after) || one.after === ''
  return isOwn && !/[去到在往来]$/u.test(one.before) ? one.code : undefined
}

function stated(clause: string, cities: Cities): (Scope & { isAboutOneself: boolean }) | undefined {
  if (/[？?吗呢么]\s*[，,。]?$/u.test(clause.trim())) return undefined
  const said = normalise(clause)
  const named = cities.mentions(said)
  const codes = new Set(named.map(({ code }) => code))
  const insurances = new Set([...said.matchAll(insuranceName)].map(([, name]) => name))
  if (codes.size > 1 || insurances.size > 1 || codes.size + insurances.size === 0) return undefined
  const bare = cities.without(said).replace(insuranceName, '')
  if (!statement.test(bare)) return undefined
  const [name] = insurances
  return { region: [...codes][0], insurance: insuranceOf(name), isAboutOneself: aboutOneself.test(bare) }
}

/** "我是职工医保异地就医怎么备案": said on the way to the question, which stays whole. */
function insuranceToldFirst(text: string): Told | undefined {
  const said = normalise(text)
  const name = leadsIn.exec(said)?.[1]
  const isOne = new Set([...said.matchAll(insuranceName)].map(([, one]) => one)).size === 1
  return name && isOne && !/还是|[吗么？?]$/u.test(text.trim())
    ? { insurance: insuranceOf(name), rest: text }
    : undefined
}

function insuranceOf(name: string | undefined): Insurance | undefined {
  return name === '职工' ? 'employee' : name === '居民' ? 'resident' : undefined
}

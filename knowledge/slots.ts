/**
 * What decides an answer though it is one word of many: which scheme, which care, at home or away, to do what, for whom, in
 * which year. Closed lists, read out of loosened texts; a word that is on no list proves nothing.
 */
import { loosened } from './text/normalise.ts'

export const slotNames = ['scheme', 'care', 'away', 'action', 'people', 'year'] as const
export type SlotName = (typeof slotNames)[number]
/** Slots that a text names, with the values it names in each. */
export type Slots = ReadonlyMap<SlotName, ReadonlySet<string>>

// 职工 and 居民 are not among the schemes: insurance.ts knows what is on file about them.
const lists: Record<Exclude<SlotName, 'year'>, Record<string, RegExp>> = {
  scheme: {
    medical: /医保|(?<!商业|补充|意外)医疗保险|新农合|合作医疗/,
    maternity: /生育|产假|生孩子|生小孩/,
    care: /长护|长期护理/,
    serious: /大病/,
    relief: /救助/,
    pension: /养老|退休金/,
    injury: /工伤/,
    unemployment: /失业(?:保险|金)/,
    housing: /公积金/,
    commercial: /惠民保|商业|商保|车险|寿险|重疾险|健康险|意外险|意外(?:伤害|医疗)|学平险|保险公司|百万医疗/,
  },
  care: { clinic: /门诊|门统/, hospital: /住院|出院/, chronic: /慢特|慢性?病|特殊?病|特病|两病/ },
  away: { away: /异地|外地|外省|跨省|跨市/ },
  action: {
    enrol: /参保|参加|登记|入保|投保/,
    pay: /交费|交钱|补交|续交|交多少|怎么交|断交/,
    claim: /报销|能报|报多少|怎么报|报几/,
    file: /备案/,
    move: /转移|接续|转出|转入|转走/,
    look: /查询|怎么查|哪查|查一下/,
    withdraw: /退费|退款|退钱|退保|停保/,
  },
  people: {
    newborn: /新生儿|宝宝|婴儿|刚出生|刚生/,
    child: /孩子|小孩|儿童|未成年|娃/,
    student: /学生/,
    retired: /退休/,
    flexible: /灵活就业|自由职业|个体户/,
    jobless: /失业|没工作|下岗/,
    poor: /低保|特困|困难|贫困/,
    disabled: /残疾/,
  },
}

/** Other offices' business: of a scheme of its own where a text names nothing that concerns insurance or care. */
const elsewhere =
  /户口|落户|派出所|身份证|护照|驾照|驾驶证|年检|违章|上牌|房产|不动产|过户|公租房|廉租房|宅基地|物业|房贷|入学|学籍|学位|高考|公务员|营业执照|商标|纳税|开票|个税|仲裁|裁员|工资|退伍|优抚|优待|征地|种地|种粮|林地|结婚证|离婚证|消协|噪音|油烟|交警|车管|停车|暖气|供暖|水费|电费|燃气|宽带|路灯|垃圾|养狗|拆迁|公证|法律援助|信访|征兵|当兵|教师资格|中考|转学|助学|签证|出入境|殡葬|火化|墓地|养老院|敬老院|老年卡|公交卡|讨薪|欠薪|加班|稳岗|招聘|积分/
const ours = /医|保|药|病|诊|住院|手术|报销|能报|生育|产假|津贴|怀孕|社保卡|长护|失能/

/** @param on the day asked about, YYYY-MM-DD: what 今年 and 明年 mean. */
export function slotsIn(normalised: string, on: string): Slots {
  const loose = loosened(normalised)
  const found = new Map<SlotName, ReadonlySet<string>>()
  for (const name of slotNames) {
    const values = name === 'year' ? yearsIn(loose, Number(on.slice(0, 4))) : valuesIn(loose, lists[name])
    if (name === 'scheme' && elsewhere.test(loose) && !ours.test(loose)) values.push('elsewhere')
    if (values.length > 0) found.set(name, new Set(values))
  }
  return found
}

/** Schemes that entries speak of at most beside their own: whoever names one mostly asks what no entry tells. */
const ofOthers = ['pension', 'housing', 'commercial', 'elsewhere']

export function isOthersBusiness(asked: Slots): boolean {
  return ofOthers.some((scheme) => asked.get('scheme')?.has(scheme))
}

/** @returns a slot in which both name something, and nothing in common; or the scheme, where others' business is not spoken of. */
export function clash(asked: Slots, offered: Slots): SlotName | undefined {
  const named = (slots: Slots, scheme: string) => slots.get('scheme')?.has(scheme) === true
  if (ofOthers.some((scheme) => named(asked, scheme) && !named(offered, scheme))) return 'scheme'
  return slotNames.find((name) => differ(asked.get(name), offered.get(name)))
}

/** @returns a slot the asker named nothing in, and which two offers fill differently. */
export function undecided(asked: Slots, offered: Slots, other: Slots): SlotName | undefined {
  return slotNames.find((name) => !asked.has(name) && differ(offered.get(name), other.get(name)))
}

/**
 * The question with what `words` name put where it named something else of the kind; in front where it named nothing.
 *
 * @param question loosened. @returns undefined when the words name nothing on any list: 那药店的呢.
 */
export function withNamed(question: string, words: string): string | undefined {
  const named = loosened(words)
  let text = question
  let isNamed = false
  for (const patterns of [...Object.values(lists), insurances, yearWords]) {
    const { found } = firstOf(named, patterns)
    if (found === undefined) continue
    isNamed = true
    const { found: before, at } = firstOf(text, patterns)
    text = before === undefined ? found + text : text.slice(0, at) + found + text.slice(at + before.length)
  }
  return isNamed ? text : undefined
}

const insurances: Record<string, RegExp> = { either: /职工|居民/ }
const yearWords: Record<string, RegExp> = { named: /20\d\d年|前年|去年|今年|明年|后年/ }

function firstOf(text: string, patterns: Record<string, RegExp>): { found?: string; at: number } {
  const hits = Object.values(patterns).flatMap((pattern) => {
    const match = pattern.exec(text)
    return match ? [{ found: match[0], at: match.index }] : []
  })
  return hits.sort((a, b) => a.at - b.at)[0] ?? { at: 0 }
}

function differ(one: ReadonlySet<string> | undefined, other: ReadonlySet<string> | undefined): boolean {
  return one !== undefined && other !== undefined && [...one].every((value) => !other.has(value))
}

function valuesIn(text: string, patterns: Record<string, RegExp>): string[] {
  return Object.entries(patterns).flatMap(([value, pattern]) => (pattern.test(text) ? [value] : []))
}

function yearsIn(text: string, thisYear: number): string[] {
  const named = [...text.matchAll(/(?<!\d)(20\d\d)(?=年)/g)].map(([, year]) => Number(year))
  const relative: [RegExp, number][] = [
    [/前年/, thisYear - 2],
    [/去年/, thisYear - 1],
    [/今年/, thisYear],
    [/明年/, thisYear + 1],
    [/后年/, thisYear + 2],
  ]
  for (const [word, year] of relative) if (word.test(text)) named.push(year)
  return named.map(String)
}

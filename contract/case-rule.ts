/** How many days each kind of case has, city by city. The row of no city holds wherever a city has none of its own. */
import { z } from 'zod'
import { caseKinds, type CaseKind } from './case.ts'
import { cityCode } from './text.ts'

const days = (most: number) => z.int('应为整数').min(0, '不能小于 0').max(most, `不能大于 ${most}`)
const atLeastOne = (most: number) => z.int('应为整数').min(1, '不能小于 1').max(most, `不能大于 ${most}`)

export const countedIn = ['working', 'calendar'] as const
export type CountedIn = (typeof countedIn)[number]

export const caseRuleSchema = z.strictObject({
  /** Absent: everywhere. */
  city: cityCode.optional(),
  kind: z.enum(caseKinds, '没有这个类型'),
  countedIn: z.enum(countedIn, '只能是 working、calendar'),
  firstContactDays: days(60),
  dueDays: days(250),
  /** 催办 so many days before the deadline; 0: on its day. */
  remindDays: days(60),
  /** 通报 when it is more than so many days over. */
  reportAfterDays: atLeastOne(60),
  extensions: days(5),
  /** Most days of one extension. */
  extensionDays: days(250),
  /** How often somebody is rung before they count as not to be reached. */
  attempts: atLeastOne(10),
})
export type CaseRule = z.infer<typeof caseRuleSchema>

/** The city's own row goes; the one that holds everywhere cannot. */
export const caseRuleKeySchema = z.strictObject({ city: cityCode, kind: z.enum(caseKinds, '没有这个类型') })
export type CaseRuleKey = { city?: string; kind: CaseKind }

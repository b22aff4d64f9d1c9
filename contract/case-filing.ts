/** 立投诉单: what a citizen told a member of staff, made a case by them. */
import { z } from 'zod'
import type { CaseKind } from './case.ts'
import { clientId, phoneNumber, text } from './text.ts'

/** A bad rating is the citizen's own to give. */
export const filedKinds = ['complaint', 'consultation', 'emergency'] as const satisfies readonly CaseKind[]
export type FiledKind = (typeof filedKinds)[number]

export const caseFilingSchema = z.strictObject({
  clientId,
  kind: z.enum(filedKinds, `只能是 ${filedKinds.join('、')}`),
  text: text(2_000),
  /** Where the citizen wants to be rung, if anywhere. */
  contact: phoneNumber.optional(),
  /** Whom a complaint is about: they neither own it nor are shown what becomes of it. */
  aboutNumber: z
    .string()
    .trim()
    .regex(/^[A-Za-z0-9]{2,12}$/, '工号为 2 到 12 位字母或数字')
    .optional(),
})
export type CaseFiling = z.infer<typeof caseFilingSchema>
export type CaseFiled = { number: string; dueOn: string; provisional: boolean }

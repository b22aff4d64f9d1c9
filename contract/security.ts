/**
 * Who may see and change what is protected: changes of staff accounts, the second factor, reasons for unmasking, what
 * citizens ask about their own data, how long things are kept, and the check of the audit chain.
 */
import { z } from 'zod'
import { pageQuery } from './http.ts'
import { chosenPasswordSchema, rolesSchema, signInSchema, type FactorRule, type Office, type Role } from './staff.ts'
import { day, notStorable, phoneNumber, storable, text } from './text.ts'

export const staffRolesSchema = z.strictObject({ roles: rolesSchema })
/** Between colleagues: why an account is stopped. */
export const staffDisableSchema = z.strictObject({ reason: text(200) })
/** An account with an office that somebody of another office is to confirm. */
export type UnconfirmedView = {
  id: string
  name: string
  displayName: string
  workNumber: string
  offices: Office[]
  /** Who made it, or voided its password. */
  givenBy: string
  /** Whether its holder has opened the link: before that there is nobody to confirm. */
  ready: boolean
}

export const passwordOnlySchema = z.strictObject({ password: signInSchema.shape.password })
export const totpConfirmSchema = z.strictObject({
  code: z.string('请填写验证码').regex(/^\d{6}$/, '验证码是 6 位数字'),
})
export const totpRemoveSchema = z.strictObject({
  password: signInSchema.shape.password,
  otp: z.string('请填写验证码').min(6, '请填写验证码').max(24, '验证码太长').refine(storable, notStorable),
})
export const ownPasswordSchema = z.strictObject({
  password: signInSchema.shape.password,
  newPassword: chosenPasswordSchema,
  otp: signInSchema.shape.otp,
})
export type TotpView = { enrolled: boolean; required: boolean; recoveryCodesLeft: number }
/** Shown once: what the authenticator is given, and the codes for the day it is lost. */
export type TotpBegun = { secret: string; uri: string }
export type TotpConfirmed = { recoveryCodes: string[] }

/** What the console offers; whoever needs another reason writes it. */
export const unmaskReasons = [
  '回电办理诉求',
  '核实投诉内容',
  '办理整改并反馈',
  '市民本人要求核对',
  '配合监督检查',
] as const
export const unmaskSchema = z.strictObject({
  reason: z.string('请写明理由').trim().min(4, '理由至少 4 个字').max(200, '不能超过 200 个字').pipe(text(200)),
})

/** One turn of the citizen's, as it was typed. */
export type TypedWhole = { seq: number; text: string }

export const auditFilter = {
  act: z
    .string()
    .regex(/^[a-z][a-z.-]{1,40}$/, '没有这种操作')
    .optional(),
  /** A colleague's sign-in name. */
  who: text(40).optional(),
  /** Whom or what it is about: a colleague's name or work number, a case's number, an id. */
  subject: text(80).optional(),
  from: day.optional(),
  until: day.optional(),
}
export const auditQuery = z.strictObject({ ...auditFilter, ...pageQuery })
export const auditExportQuery = z.strictObject({
  ...auditFilter,
  format: z.enum(['csv', 'xlsx'], '只能是 csv 或 xlsx'),
})
/** Rows looked at in one slice. */
export const auditSliceRows = 2_000
export const auditCheckQuery = z.strictObject({ after: pageQuery.offset })
export type AuditRowView = {
  id: number
  at: string
  who: string
  act: string
  subject: string
  detail: Record<string, unknown>
  /** From which network, masked. */
  address?: string
}
/** One slice of the chain. `next` is what to go on after; absent at the end or where it is broken. */
export type AuditSlice = {
  from?: number
  to?: number
  rows: number
  hash?: string
  next?: number
  broken?: { id: number; at: string; why: 'changed' | 'missing' }
}
/** The head of the chain as it was kept outside of the database, and whether that row still has it. */
export type AnchorView = { day: string; id: number; hash: string; isKept: boolean }
/** `torn`: lines of the file that cannot be read. */
export type AnchorsView = { anchors: AnchorView[]; torn: number }
export type AuditView = {
  rows: AuditRowView[]
  total: number
  /** Words for the ids that the rows name. */
  names: Record<string, string>
  /** Of the newest rows; the whole chain is looked at on the check's own page. */
  chain: { ok: boolean; from?: number; to?: number }
}

export const dataRequestKinds = ['copy', 'erase'] as const
export type DataRequestKind = (typeof dataRequestKinds)[number]
/** How somebody showed that the number or the pass is theirs. */
export const dataProofs = ['pass', 'call_back', 'in_person'] as const
export type DataProof = (typeof dataProofs)[number]
export type DataFound = {
  conversations: number
  turns: number
  ratings: number
  callbacks: number
  cases: number
  messages: number
}

export const passSchema = z.strictObject({
  token: z.string('缺少通行证').min(20, '通行证不完整').max(300, '通行证不完整').refine(storable, notStorable),
})
export const passCopySchema = passSchema.extend({
  format: z.enum(['json', 'html'], '只能是 json 或 html').default('json'),
})
const byPhone = {
  phone: phoneNumber,
  proof: z.enum(['call_back', 'in_person'], '只能是 call_back 或 in_person'),
  /** How it was verified: the number rung, the paper seen. */
  note: z.string('请写明怎样核实').trim().min(4, '至少 4 个字').max(200, '不能超过 200 个字').pipe(text(200)),
}
export const dataCopySchema = z.strictObject({ ...byPhone, format: z.enum(['json', 'html'], '只能是 json 或 html') })
export const dataEraseSchema = z.strictObject(byPhone)
export const dataRequestsQuery = z.strictObject(pageQuery)
/** `held` are cases that the law wants kept, by number. */
export type ErasedView = { state: 'waiting' | 'done'; found: DataFound; held: string[] }
export type DataRequestView = {
  id: string
  kind: DataRequestKind
  proof: DataProof
  who: string
  note?: string
  by?: string
  askedAt: string
  state: 'waiting' | 'done'
  doneAt?: string
  found: Partial<DataFound>
}

export const retentionKinds = ['conversations', 'callbacks', 'cases', 'attachments', 'messages'] as const
export type RetentionKind = (typeof retentionKinds)[number]
/**
 * The fewest days: six months for what is a log (网络安全法 21), three years for complaints. Pictures of papers are no
 * log; they are wanted for as long as the matter lasts.
 */
export const retentionFloors: Record<RetentionKind, number> = {
  conversations: 180,
  callbacks: 180,
  cases: 1_095,
  attachments: 30,
  messages: 180,
}
export const retentionSchema = z
  .strictObject({
    kind: z.enum(retentionKinds, '没有这一类'),
    days: z.int('应为整数').min(1, '至少 1 天').max(36_500, '不能超过 36500 天'),
  })
  .superRefine(({ kind, days }, ctx) => {
    const floor = retentionFloors[kind]
    if (days < floor) ctx.addIssue({ code: 'custom', path: ['days'], message: `这一类不能少于 ${floor} 天` })
  })
export type RetentionView = { kind: RetentionKind; days: number; floor: number; changedAt?: string; by?: string }

export type SecurityView = {
  requireTotp: FactorRule
  /** Offices that nobody holds, so that the system administrator stands in for them. */
  vacant: Office[]
  /** Who should have a second factor and has none. */
  withoutTotp: { name: string; displayName: string; roles: Role[] }[]
  auditRows: number
}

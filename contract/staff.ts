/** Staff: who may sign in, and as what. */
import { z } from 'zod'
import { passwordFault } from './password.ts'
import { notStorable, storable, text } from './text.ts'

export const roles = [
  'agent',
  'supervisor',
  'editor',
  'reviewer',
  'officer',
  'auditor',
  'security',
  'administrator',
] as const
export type Role = (typeof roles)[number]
export const roleNames: Record<Role, string> = {
  agent: '坐席',
  supervisor: '班长',
  editor: '知识编辑',
  reviewer: '知识审核',
  officer: '整改专员',
  auditor: '审计员',
  security: '安全管理员',
  administrator: '系统管理员',
}

/** The three offices (三员分立): one person never holds two of them. */
export const offices = ['administrator', 'security', 'auditor'] as const
export type Office = (typeof offices)[number]
export const officesIn = (held: readonly Role[]): Office[] => offices.filter((office) => held.includes(office))

export const rolesSchema = z
  .array(z.enum(roles, '没有这个角色'))
  .min(1, '至少选一个角色')
  .max(roles.length)
  .refine((held) => officesIn(held).length <= 1, '系统管理员、安全管理员、审计员须由不同的人担任')

const badPassword = '密码至少 10 位，且含大写字母、小写字母、数字、符号中的三类'
/** The form of a password: at least 10 characters of three kinds (GB/T 22239 level 3, identity). */
export const passwordSchema = z
  .string()
  .min(10, badPassword)
  .max(128, '密码不能超过 128 位')
  .refine(storable, notStorable)
  .refine((p) => [/[a-z]/, /[A-Z]/, /\d/, /[^A-Za-z0-9]/].filter((kind) => kind.test(p)).length >= 3, badPassword)

/** One that somebody chooses for themselves: not one that a list would try. What tells of its holder is asked later. */
export const chosenPasswordSchema = passwordSchema.superRefine((password, ctx) => {
  const fault = passwordFault(password)
  if (fault) ctx.addIssue({ code: 'custom', message: fault })
})

/** Who must have a second factor: nobody, the three offices, or also those who export and see whole numbers. */
export const factorRules = ['none', 'privileged', 'sensitive'] as const
export type FactorRule = (typeof factorRules)[number]
const factorRoles: Record<FactorRule, readonly Role[]> = {
  none: [],
  privileged: offices,
  sensitive: [...offices, 'supervisor', 'officer'],
}
export const needsFactor = (rule: FactorRule, held: readonly Role[]): boolean =>
  factorRoles[rule].some((role) => held.includes(role))

export const staffName = z
  .string()
  .trim()
  .regex(/^[\p{L}\p{N}_.-]{2,40}$/u, '登录名为 2 到 40 位的字母、数字或汉字')

export const newStaffSchema = z.strictObject({
  name: staffName,
  /** Only for the scripts of an installation that was given BUDAYANG_ADMIN_PASSWORD; people choose their own. */
  password: passwordSchema.optional(),
  roles: rolesSchema,
  displayName: text(40).optional(),
  /** 工号, shown to citizens instead of a name; made up when absent. */
  workNumber: z
    .string()
    .regex(/^[A-Za-z0-9]{2,12}$/, '工号为 2 到 12 位字母或数字')
    .optional(),
})
export type NewStaff = z.infer<typeof newStaffSchema>
/** By which somebody chooses their password; it works once. */
export type SetUpLink = { token: string; expiresAt: string }

/** The number of a desk phone, which is also the name that it registers under; nothing takes it away. */
export const extensionSchema = z.strictObject({
  extension: z.string('请填写分机').regex(/^(\d{2,6})?$/, '分机为 2 到 6 位数字'),
})

export const signInSchema = z.strictObject({
  name: z.string('请填写登录名').min(1, '请填写登录名').max(80, '登录名太长').refine(storable, notStorable),
  password: z.string('请填写密码').min(1, '请填写密码').max(128, '密码太长').refine(storable, notStorable),
  /** The code that the authenticator shows, or a recovery code; asked for where a second factor is enrolled. */
  otp: z.string().max(24, '验证码太长').refine(storable, notStorable).optional(),
})
export const setUpSchema = z.strictObject({
  token: z.string().regex(/^[A-Za-z0-9_-]{20,100}$/, '链接不完整'),
  password: chosenPasswordSchema,
})

export const presenceStates = ['online', 'busy', 'offline'] as const
export type PresenceState = (typeof presenceStates)[number]

/** Whoever acts: handed to every rule that must know. */
export type Actor = { staffId: string; name: string; workNumber: string; roles: readonly Role[] }

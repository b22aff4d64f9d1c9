/** 接口密钥: what another system shows instead of signing in. It opens the doors of its scopes and no other. */
import { z } from 'zod'
import { text } from './text.ts'

export const apiScopes = ['orders'] as const
export type ApiScope = (typeof apiScopes)[number]
export const apiScopeNames: Record<ApiScope, string> = { orders: '12345 工单：收单、取结果、回传' }

export const newApiKeySchema = z.strictObject({
  name: text(40),
  scopes: z
    .array(z.enum(apiScopes, '没有这个用途'), '请选择用途')
    .min(1, '至少选一个用途')
    .max(apiScopes.length, '用途太多')
    .refine((scopes) => new Set(scopes).size === scopes.length, '同一个用途写了两次'),
  days: z.int('应为整数').min(1, '至少 1 天').max(730, '最多 730 天'),
})
export type NewApiKey = z.infer<typeof newApiKeySchema>

export type ApiKeyRow = {
  id: string
  name: string
  scopes: ApiScope[]
  /** How it begins. */
  shown: string
  madeBy: string
  madeAt: string
  expiresAt: string
  revokedAt?: string
  lastUsedAt?: string
}
/** `key` is told this once. */
export type MadeApiKey = { id: string; key: string }

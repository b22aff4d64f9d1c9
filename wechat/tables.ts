/** The tables that wechat/ owns, as its stores see them. server/db/migrations is where they are made. */
import type { ColumnType, Generated, Kysely } from 'kysely'
import type { WechatMenu } from '../contract/wechat.ts'
import type { InboundKind } from './inbound.ts'

export type Db = Kysely<Record<never, never>>

export const deliveryStates = ['passive', 'sending', 'sent', 'blocked', 'unknown', 'refused'] as const
export type DeliveryState = (typeof deliveryStates)[number]

export type WechatTables = {
  wechat_user: {
    openid_hash: Buffer
    openid_sealed: string
    account: string
    contact_id: string | null
    follows: Generated<boolean>
    message_at: Date | null
    message_used: Generated<number>
    moment_at: Date | null
    moment_used: Generated<number>
    changed_at: Date
  }
  wechat_event: {
    key_hash: Buffer
    openid_hash: Buffer
    kind: InboundKind
    raw_sealed: string
    received_at: Date
    reply_sealed: string | null
    done_at: Date | null
  }
  wechat_line: { conversation_id: string; openid_hash: Buffer; told_seq: Generated<number> }
  wechat_delivery: {
    id: Generated<number>
    conversation_id: string
    from_seq: number
    to_seq: number
    part: number
    state: DeliveryState
    code: number | null
    at: Date
  }
  wechat_menu: { app_id: string; menu: ColumnType<WechatMenu, string, string>; published_at: Date }
  wechat_token: { app_id: string; token_sealed: string; expires_at: Date }
}

/** The tables that wechat/ owns, as its stores see them. server/db/migrations is where they are made. */
import type { ColumnType, Generated, Kysely } from 'kysely'
import type { WechatMenu } from '../contract/wechat.ts'
import type { InboundKind } from './inbound.ts'
import type { Holder } from './kf/session.ts'
import type { Road } from './road.ts'

export type Db = Kysely<Record<never, never>>

/** `delayed`: not taken for now, it goes again by itself. `blocked`: it goes again when the citizen has written. */
export type DeliveryState = 'passive' | 'sending' | 'sent' | 'delayed' | 'blocked' | 'unknown' | 'refused'

/** `message`: a customer-service message. `notice`: a subscription notice (订阅通知). */
export type LetterWay = 'message' | 'notice'
export type LetterState = 'sending' | 'sent' | 'unknown' | 'refused'

/** Of what could not be worked on. `sorry_at`: its citizen was told that it is given up. */
type Stuck = { again_at: Date | null; cause: string | null; given_up_at: Date | null; sorry_at: Date | null }

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
    road: Generated<Road>
    changed_at: Date
  }
  wechat_event: {
    key_hash: Buffer
    openid_hash: Buffer
    kind: InboundKind
    road: Generated<Road>
    raw_sealed: string
    received_at: Date
    reply_sealed: string | null
    tries: Generated<number>
    done_at: Date | null
  } & Stuck
  wechat_line: { conversation_id: string; openid_hash: Buffer; told_seq: Generated<number> }
  wechat_delivery: {
    id: Generated<number>
    conversation_id: string
    from_seq: number
    to_seq: number
    part: number
    state: DeliveryState
    code: number | null
    /** Ours, by a road that takes each number once. */
    message_id: string | null
    tries: Generated<number>
    at: Date
    /** When something is to be done about it: looked for, sent again, told again. */
    due_at: Date | null
  }
  wechat_consent: {
    openid_hash: Buffer
    template_id: string
    accepted: Generated<number>
    used: Generated<number>
    refused_at: Date | null
    changed_at: Date
  }
  wechat_letter: {
    key: string
    openid_hash: Buffer
    conversation_id: string | null
    way: LetterWay
    state: LetterState
    code: number | null
    at: Date
  }
  wechat_join: {
    token_hash: Buffer
    contact_id: string
    made_at: Date
    expires_at: Date
    openid_hash: Buffer | null
    scanned_at: Date | null
    answer: 'agreed' | 'declined' | null
    answered_at: Date | null
  }
  wechat_union: { person_hash: Buffer; union_hash: Buffer | null; asked_at: Date }
  wechat_kf_account: {
    open_kfid: string
    cursor: string | null
    token_sealed: string | null
    token_at: Date | null
    calls: Generated<number>
    pulled: Generated<number>
    heard_at: Date | null
  }
  wechat_kf_message: {
    seq: Generated<number>
    key_hash: Buffer
    open_kfid: string
    person_hash: Buffer | null
    raw_sealed: string
    received_at: Date
    tries: Generated<number>
    done_at: Date | null
  } & Stuck
  wechat_kf_session: { openid_hash: Buffer; holder: Holder; at: Date }
  wechat_menu: { app_id: string; menu: ColumnType<WechatMenu, string, string>; published_at: Date }
  wechat_token: { app_id: string; token_sealed: string; expires_at: Date }
}

/** The roads by which WeChat reaches us: the official account, the company's customer service, the mini-program. */
import type { MenuShape, Message } from './outgoing.ts'
import type { Allowance } from './quota.ts'
import type { Db } from './tables.ts'

export const roads = ['oa', 'kf', 'mini'] as const
export type Road = (typeof roads)[number]

export type Recipient = { openId: string; account: string }

/** How messages leave by a road. */
export type Way = {
  allowance: Allowance
  /** Absent where no menu can be sent. */
  menu?: MenuShape
  /** Said behind the last message that may be sent to them; nothing where there is nothing to say. */
  ending?: (tx: Db, openIdHash: Buffer) => Promise<string | undefined>
  /** Each message carries a number of ours, and is one however often it is sent. Absent where no number is taken. */
  numberOf?: (...about: readonly (string | number)[]) => string
  /** @throws WechatRefusal, WechatUnreached; anything else: it is not known whether it was taken. */
  send(to: Recipient, message: Message, messageId: string): Promise<void>
}
export type Ways = Partial<Record<Road, Way>>
export const openRoads = (ways: Ways): Road[] => roads.filter((road) => ways[road])

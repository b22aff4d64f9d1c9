/**
 * Who a citizen of the customer service is: an external_userid is the same in every account of the company, and so one
 * person; what may be sent to them is counted by account.
 */
import type { Who } from '../citizens.ts'
import type { Session } from './inbound.ts'

export const kfPerson = (externalUserId: string): string => `kf:${externalUserId}`

const userOf = ({ openKfid, externalUserId }: Session): string => `kf:${openKfid}:${externalUserId}`

export const kfWho: Who & { userOf: typeof userOf } = {
  road: 'kf',
  userOf,
  person: ({ openId }) => kfPerson(openId),
  user: ({ openId, account }) => userOf({ openKfid: account, externalUserId: openId }),
}

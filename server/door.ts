/** What a door is: who may knock, how often, and the shape of what they bring. */
import type { z } from 'zod'
import type { ApiScope } from '../contract/api-key.ts'
import type { Role } from '../contract/staff.ts'

/** `loopback`: this machine alone. `key`: another system, by its key. A list: any one of these roles, signed in. */
export type Who = 'anyone' | 'loopback' | 'key' | readonly Role[]
/** How often one address (or one visitor, one member of staff) may knock; see limits.ts. */
export type LimitName =
  | 'page'
  | 'ask'
  | 'visitor'
  | 'sign-in'
  | 'staff'
  | 'turn'
  | 'form'
  | 'phone'
  | 'signal'
  | 'wechat'
  | 'reveal'
  | 'upload'
  | 'key'

export type HttpDoor = {
  who: Who
  limit: LimitName
  summary: string
  /** What the key must be for; with `who: 'key'`. */
  scope?: ApiScope
  body?: z.ZodType
  query?: z.ZodType
  params?: z.ZodType
  /** Open to whoever has yet to enrol the second factor that their role asks for. */
  beforeEnrolment?: true
}

export type SocketDoor = {
  limit: LimitName
  /** Asked only by somebody who does something, never by a page that stands open: it keeps them signed in. */
  isUse?: true
}

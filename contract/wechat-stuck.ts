/** What citizens sent in WeChat and nobody could work on so far, as operators see it. */
import { z } from 'zod'

export const stuckParams = z.strictObject({ id: z.string().regex(/^[0-9a-f]{64}$/, '编号不对') })

/** `givenUpAt`: it is not tried any more. `cause`: what went wrong, numbers masked. */
export type StuckRow = {
  id: string
  road: 'oa' | 'kf' | 'mini'
  receivedAt: string
  tries: number
  cause: string
  againAt?: string
  givenUpAt?: string
}
export type StuckView = { stuck: StuckRow[] }

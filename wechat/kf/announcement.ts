/** The company's callback: it says of which account there is something to read, and carries nothing of it. */
import { readXml } from '../xml.ts'

export type Announcement = { openKfid: string; token: string }

/** @returns `undefined` where it is no event of the company's, `'other'` for one that is not about customer service. */
export function readAnnouncement(clear: string): Announcement | 'other' | undefined {
  const fields = readXml(clear)
  if (fields?.['MsgType'] === undefined) return undefined
  const { Event: event = '', OpenKfId: openKfid = '', Token: token = '' } = fields
  if (event !== 'kf_msg_or_event') return 'other'
  const isWhole = openKfid !== '' && token !== '' && openKfid.length <= 128 && token.length <= 128
  return isWhole ? { openKfid, token } : undefined
}

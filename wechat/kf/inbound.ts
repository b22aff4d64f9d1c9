/**
 * One thing of a page of kf/sync_msg: words of a citizen, an event of the platform, or words of a colleague in the
 * company's own app. Only the citizen's are turns. A kind that we do not know is kept and answered with nothing.
 */
import { z } from 'zod'
import { placeWords, type Inbound } from '../inbound.ts'
import { storable } from '../json.ts'

export type Session = { openKfid: string; externalUserId: string }
type SessionEvent =
  /** The window was opened. `welcomeCode`: for twenty seconds something may be said, once. */
  | { kind: 'entered'; session: Session; at: Date; welcomeCode?: string; scene?: string }
  /** A message that had been taken did not arrive after all. */
  | { kind: 'not-delivered'; messageId: string; failType: number }
  /** The session went to a colleague in the company's app, or ended. */
  | { kind: 'session'; session: Session; holder: 'theirs' | 'nobody' }
  | { kind: 'nothing'; what: string }
export type KfItem = { key: string; session?: Session } & (
  | { by: 'citizen'; session: Session; inbound: Inbound }
  | { by: 'colleague'; session: Session }
  | { by: 'platform'; event: SessionEvent }
)

const id = z.string().min(1).max(128)
const anyText = z.string().default('').transform(storable)
const media = z.looseObject({ media_id: z.string().max(500) }).optional()
const message = z.looseObject({
  msgid: id,
  open_kfid: id.optional(),
  external_userid: id.optional(),
  send_time: z.number().int().min(0).max(253_402_300_799),
  origin: z.number().int(),
  msgtype: z.string().max(60),
  text: z.looseObject({ content: anyText }).optional(),
  ...{ image: media, voice: media, video: media, file: media },
  location: z
    .looseObject({ name: anyText, address: anyText, latitude: z.number().optional(), longitude: z.number().optional() })
    .optional(),
  link: z.looseObject({ title: anyText, url: anyText }).optional(),
  event: z
    .looseObject({
      event_type: z.string().max(60),
      open_kfid: id.optional(),
      external_userid: id.optional(),
      welcome_code: z.string().max(500).optional(),
      scene_param: z.string().max(500).optional(),
      fail_msgid: z.string().max(128).optional(),
      fail_type: z.number().int().min(0).max(99).optional(),
      change_type: z.number().int().optional(),
    })
    .optional(),
})
type Message = z.output<typeof message>

const origins = { citizen: 3, platform: 4, colleague: 5 } as const
const sessionEnded = 3
const mostTextChars = 4_000

/** @returns nothing where it is no message at all. @param openKfid the account that was read */
export function readKfItem(raw: unknown, openKfid: string): KfItem | undefined {
  const read = message.safeParse(raw)
  if (!read.success) return undefined
  const told = read.data
  const key = `kf:${openKfid}:${told.msgid}`
  const externalUserId = told.external_userid ?? told.event?.external_userid
  const session = externalUserId === undefined ? undefined : { openKfid, externalUserId }
  if (told.msgtype === 'event')
    return { key, ...(session && { session }), by: 'platform', event: eventOf(told, session) }
  if (!session) return nothing(key, told.msgtype)
  if (told.origin === origins.colleague) return { key, session, by: 'colleague' }
  if (told.origin !== origins.citizen) return nothing(key, `origin:${told.origin}`)
  return { key, session, by: 'citizen', inbound: inboundOf(told, session, key) }
}

const nothing = (key: string, what: string): KfItem => ({ key, by: 'platform', event: { kind: 'nothing', what } })

function inboundOf(told: Message, { openKfid, externalUserId }: Session, key: string): Inbound {
  const common = { openId: externalUserId, account: openKfid, at: new Date(told.send_time * 1_000), key }
  const other = { ...common, kind: 'other', what: told.msgtype } as const
  switch (told.msgtype) {
    case 'text': {
      const text = told.text?.content.trim().slice(0, mostTextChars) ?? ''
      // A tap there is a message like any other.
      return text ? { ...common, kind: 'text', text, isFromMenu: false } : other
    }
    case 'voice':
      return told.voice ? { ...common, kind: 'voice', mediaId: told.voice.media_id } : other
    case 'image':
    case 'video':
    case 'file': {
      const file = told[told.msgtype]
      return file ? { ...common, kind: told.msgtype, mediaId: file.media_id } : other
    }
    case 'location': {
      const { name = '', address = '', latitude, longitude } = told.location ?? {}
      const label = placeWords(`${name} ${address}`, String(latitude ?? ''), String(longitude ?? ''))
      return { ...common, kind: 'place', label }
    }
    case 'link': {
      const { title = '', url = '' } = told.link ?? {}
      return { ...common, kind: 'link', title: title.slice(0, 200), url: url.slice(0, 500) }
    }
    default:
      return other
  }
}

function eventOf({ event, send_time }: Message, session: Session | undefined): SessionEvent {
  const what = `event:${event?.event_type ?? ''}`
  switch (event?.event_type) {
    case 'enter_session':
      if (!session) break
      return {
        ...{ kind: 'entered', session, at: new Date(send_time * 1_000) },
        ...(event.welcome_code && { welcomeCode: event.welcome_code }),
        ...(event.scene_param && { scene: event.scene_param }),
      }
    case 'msg_send_fail':
      if (event.fail_msgid === undefined) break
      return { kind: 'not-delivered', messageId: event.fail_msgid, failType: event.fail_type ?? 0 }
    case 'session_status_change':
      if (!session) break
      return { kind: 'session', session, holder: event.change_type === sessionEnded ? 'nobody' : 'theirs' }
    case undefined:
  }
  return { kind: 'nothing', what }
}

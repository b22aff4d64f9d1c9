/**
 * What a citizen sends through WeChat, as one of the kinds that we know. A kind that we do not know is kept and
 * answered with nothing: the platform adds kinds without asking.
 */
import { z } from 'zod'
import { readXml, readXmlList, type Fields } from './xml.ts'

/** `key`: the same for every time that the platform sends this. */
type Common = { openId: string; account: string; at: Date; key: string }
export type Inbound = Common &
  (
    | { kind: 'text'; text: string; isFromMenu: boolean }
    | { kind: 'voice'; mediaId: string; recognised?: string }
    | { kind: 'image' | 'video' | 'file'; mediaId: string }
    /** `label`: the name of the place and where it is on the map, as far as the platform says so. */
    | { kind: 'place'; label: string }
    | { kind: 'link'; title: string; url: string }
    /** `scene` of a QR code, where one was scanned. */
    | { kind: 'follow'; scene?: string }
    | { kind: 'scan'; scene: string }
    | { kind: 'unfollow' }
    | { kind: 'click'; menuKey: string }
    /** To subscription notices (订阅通知), a template each. */
    | { kind: 'consent'; said: { templateId: string; agrees: boolean }[] }
    /** What became of notices that had been taken: 0 is that they arrived. */
    | { kind: 'receipt'; receipts: { templateId: string; code: number }[] }
    | { kind: 'other'; what: string }
  )
export type InboundKind = Inbound['kind']

const mostSeconds = 253_402_300_799 // the year 9999
const short = z.string().max(200)
const common = z.object({
  ToUserName: short.min(1),
  FromUserName: short.min(1),
  CreateTime: z
    .string()
    .regex(/^\d{1,12}$/)
    .transform(Number)
    .pipe(z.number().max(mostSeconds)),
  MsgType: short.min(1),
  MsgId: short.regex(/^\d+$/).optional(),
  Event: short.optional(),
  EventKey: z.string().max(1_000).default(''),
})
const mostTextChars = 4_000

/** One message, as it came: some events have lists in them. */
export function readMessage(raw: string): Inbound | undefined {
  const fields = readXml(raw)
  const inbound = fields && readInbound(fields)
  if (inbound?.kind === 'other' && inbound.what === 'event:subscribe_msg_sent_event') return receiptOf(inbound, raw)
  if (inbound?.kind !== 'other' || !/^event:subscribe_msg_(popup|change)_event$/.test(inbound.what)) return inbound
  const lists = ['SubscribeMsgPopupEvent', 'SubscribeMsgChangeEvent'].flatMap((name) => readXmlList(raw, name))
  const said = lists.flatMap(({ TemplateId: templateId, SubscribeStatusString: status }) =>
    templateId && (status === 'accept' || status === 'reject') ? [{ templateId, agrees: status === 'accept' }] : [],
  )
  const { openId, account, at, key } = inbound
  // Two windows of one second differ by what was said in them.
  const what = said.map(({ templateId, agrees }) => `${templateId}=${agrees}`).join()
  return { openId, account, at, key: `${key}:${what}`, kind: 'consent', said }
}

/** developers.weixin.qq.com, 订阅通知的事件推送. It comes for what failed on its way, after the call was answered with 0. */
function receiptOf({ openId, account, at, key }: Common, raw: string): Inbound {
  const list = readXmlList(raw, 'SubscribeMsgSentEvent')
  const receipts = list.flatMap(({ TemplateId: templateId, ErrorCode: code = '' }) =>
    templateId && /^-?\d{1,9}$/.test(code) ? [{ templateId, code: Number(code) }] : [],
  )
  // Two of one second differ by their numbers.
  return { openId, account, at, key: `${key}:${list.map(({ MsgID }) => MsgID).join()}`, kind: 'receipt', receipts }
}

/** For whoever looks it up on a map. */
export function placeWords(name: string, latitude: string, longitude: string): string {
  const known = [latitude, longitude].every((degrees) => /^-?\d{1,3}(\.\d{1,9})?$/.test(degrees))
  return [name.trim().slice(0, 200), known && `（纬度 ${latitude}，经度 ${longitude}）`].filter(Boolean).join('')
}

/** @returns nothing where it is no message at all. */
export function readInbound(fields: Fields): Inbound | undefined {
  const read = common.safeParse(fields)
  if (!read.success) return undefined
  const { ToUserName, FromUserName, CreateTime, MsgType, MsgId, Event, EventKey } = read.data
  // Events carry no number; two of one second differ by what they are about.
  const key = MsgId ? `m:${MsgId}` : ['e', FromUserName, CreateTime, MsgType, Event, EventKey].join(':')
  const at = { openId: FromUserName, account: ToUserName, at: new Date(CreateTime * 1_000), key }
  const field = (name: string) => fields[name] ?? ''
  switch (MsgType) {
    case 'text': {
      const text = field('Content').trim().slice(0, mostTextChars)
      return text
        ? { ...at, kind: 'text', text, isFromMenu: field('bizmsgmenuid') !== '' }
        : { ...at, ...other('text') }
    }
    case 'voice': {
      const recognised = field('Recognition').trim()
      return { ...at, kind: 'voice', mediaId: field('MediaId'), ...(recognised && { recognised }) }
    }
    case 'image':
      return { ...at, kind: 'image', mediaId: field('MediaId') }
    case 'video':
    case 'shortvideo':
      return { ...at, kind: 'video', mediaId: field('MediaId') }
    case 'location':
      return { ...at, kind: 'place', label: placeWords(field('Label'), field('Location_X'), field('Location_Y')) }
    case 'link':
      return { ...at, kind: 'link', title: field('Title').slice(0, 200), url: field('Url').slice(0, 500) }
    case 'event':
      return { ...at, ...event(Event ?? '', EventKey) }
    default:
      return { ...at, ...other(MsgType) }
  }
}

type Told = Inbound extends infer One ? (One extends Common ? Omit<One, keyof Common> : never) : never

function event(name: string, eventKey: string): Told {
  switch (name) {
    case 'subscribe': {
      const scene = /^qrscene_(.+)$/.exec(eventKey)?.[1]
      return { kind: 'follow', ...(scene && { scene }) }
    }
    case 'unsubscribe':
      return { kind: 'unfollow' }
    case 'SCAN':
      return { kind: 'scan', scene: eventKey }
    case 'CLICK':
      return { kind: 'click', menuKey: eventKey }
    default:
      return other(`event:${name}`)
  }
}

const other = (what: string): { kind: 'other'; what: string } => ({ kind: 'other', what: what.slice(0, 60) })

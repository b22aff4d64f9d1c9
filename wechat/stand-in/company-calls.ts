/**
 * What the stand-in of the company's customer service (微信客服) answers when the hotline calls it: tokens, pages,
 * messages, sessions, people. It takes each of our numbers once, counts, and refuses as the platform does.
 */
import { randomBytes } from 'node:crypto'
import { z } from 'zod'
import { serviceStates } from '../kf/session.ts'
import { noQuota, spent, triggered, type Allowance, type Quota } from '../quota.ts'
import type { Shown } from './calls.ts'

export const kfAccount = 'wkBudayang0001'
type Told = Record<string, unknown> & { msgid: string }
/** A number: refused with this code. `drop`: it is done, and nobody hears that it was. `break`: a server breaks down over it. */
export type Fault = { path: string; how: 'drop' | 'break' | number }
type Parts = {
  corpId: string
  secret: string
  allowance: Allowance
  pageSize: number
  /** Whether a file of this number was handed over. */
  hasMedia: (id: string) => boolean
  now: () => Date
}
const menu = z.object({
  head_content: z.string(),
  list: z.array(z.object({ type: z.literal('click'), click: z.object({ id: z.string(), content: z.string() }) })),
  tail_content: z.string(),
})
const content = {
  msgid: z.string().regex(/^[0-9a-zA-Z_-]{1,32}$/),
  text: z.object({ content: z.string() }).optional(),
  image: z.object({ media_id: z.string() }).optional(),
  file: z.object({ media_id: z.string() }).optional(),
  msgmenu: menu.optional(),
}
const sendSchema = z.object({ touser: z.string(), open_kfid: z.string(), ...content })
const onEventSchema = z.object({ code: z.string(), ...content })
const syncSchema = z.object({
  cursor: z.string().optional(),
  token: z.string().optional(),
  limit: z.number().max(1_000),
  open_kfid: z.string(),
})
const stateSchema = z.object({
  open_kfid: z.string(),
  external_userid: z.string(),
  service_state: z.number().optional(),
})
const peopleSchema = z.object({ external_userid_list: z.array(z.string()).max(100) })
const mostBytes = { text: 2_048, head: 1_024, choice: 128 }

export function companyCalls({ corpId, secret, allowance, pageSize, hasMedia, now }: Parts) {
  const list: Told[] = []
  const screens = new Map<string, Shown[]>()
  const quotas = new Map<string, Quota>()
  const states = new Map<string, number>()
  const unions = new Map<string, string>()
  const taken = new Map<string, { to: string; said: string }>()
  const codes = new Map<string, { to: string; at: Date }>()
  const tokens = new Map<string, Date>()
  const calls: { path: string; body: unknown }[] = []
  const faults: Fault[] = []
  let token = ''
  let made = 0
  const next = (what: string) => `${what}${++made}${randomBytes(6).toString('hex')}`
  const screen = (of: string) => {
    const shown = screens.get(of) ?? []
    screens.set(of, shown)
    return shown
  }
  const refusal = (errcode: number) => ({ errcode, errmsg: `refused by the stand-in, from ip: 127.0.0.1` })
  const ok = { errcode: 0, errmsg: 'ok' }

  /** @returns nothing where it is done and nobody hears of it. */
  function answer(at: URL, body: unknown): object | 'broken' | undefined {
    calls.push({ path: at.pathname, body })
    const fault = faults.findIndex(({ path }) => path === at.pathname)
    const how = fault < 0 ? undefined : faults.splice(fault, 1)[0]?.how
    if (typeof how === 'number') return refusal(how)
    let told: object
    try {
      told = answerTo(at, body)
    } catch {
      told = refusal(40_058)
    }
    return how === 'drop' ? undefined : how === 'break' ? 'broken' : told
  }

  function answerTo({ pathname: path, searchParams }: URL, body: unknown): object {
    if (path === '/cgi-bin/gettoken') {
      if (searchParams.get('corpid') !== corpId) return refusal(40_013)
      if (searchParams.get('corpsecret') !== secret) return refusal(40_001)
      token ||= next('companytoken')
      return { ...ok, access_token: token, expires_in: 7_200 }
    }
    if (searchParams.get('access_token') !== token) return refusal(42_001)
    if (path === '/cgi-bin/kf/sync_msg') return pageOf(syncSchema.parse(body))
    if (path === '/cgi-bin/kf/send_msg') return send(sendSchema.parse(body))
    if (path === '/cgi-bin/kf/send_msg_on_event') return sendOnEvent(onEventSchema.parse(body))
    if (path === '/cgi-bin/kf/account/list')
      return { ...ok, account_list: [{ open_kfid: kfAccount, name: '医保咨询' }] }
    if (path === '/cgi-bin/media/upload') return ok
    if (path === '/cgi-bin/kf/customer/batchget') return people(peopleSchema.parse(body))
    const asked = stateSchema.parse(body)
    const state = states.get(asked.external_userid) ?? serviceStates.ended
    if (path === '/cgi-bin/kf/service_state/get') return { ...ok, service_state: state }
    if (path !== '/cgi-bin/kf/service_state/trans') return refusal(48_002)
    // From the pool and from a colleague there is no way back to us.
    if (state !== serviceStates.untaken && asked.service_state === serviceStates.robot) return refusal(95_016)
    states.set(asked.external_userid, asked.service_state ?? state)
    return ok
  }

  function pageOf({ cursor, token: given, limit }: z.output<typeof syncSchema>): object {
    if (given !== undefined && !tokens.has(given)) return refusal(95_007)
    const from = cursor === undefined ? 0 : Number(cursor.replace('c', ''))
    const to = Math.min(list.length, from + Math.min(limit, pageSize))
    return { ...ok, next_cursor: `c${to}`, has_more: to < list.length ? 1 : 0, msg_list: list.slice(from, to) }
  }

  type Said = Pick<z.output<typeof sendSchema>, 'text' | 'image' | 'file' | 'msgmenu'>
  function shownOf({ text, image, file, msgmenu }: Said): Shown | undefined {
    const choices = msgmenu?.list.map(({ click }) => click.content) ?? []
    const handed = (image && `[图片 ${image.media_id}]`) ?? (file && `[文件 ${file.media_id}]`)
    const said = text?.content ?? handed ?? [msgmenu?.head_content, msgmenu?.tail_content].filter(Boolean).join('\n')
    const isTooLong =
      Buffer.byteLength(text?.content ?? '') > mostBytes.text ||
      Buffer.byteLength(msgmenu?.head_content ?? '') > mostBytes.head ||
      choices.some((choice) => Buffer.byteLength(choice) > mostBytes.choice)
    return isTooLong ? undefined : { by: 'account', way: 'custom', text: said, choices }
  }

  function send({ touser, msgid, ...said }: z.output<typeof sendSchema>): object {
    // The same number again is the same message again.
    if (taken.has(msgid)) return { ...ok, msgid }
    const handed = (said.image ?? said.file)?.media_id
    if (handed !== undefined && !hasMedia(handed)) return refusal(40_007)
    const shown = shownOf(said)
    if (!shown) return refusal(45_002)
    const state = states.get(touser) ?? serviceStates.ended
    if (state !== serviceStates.untaken && state !== serviceStates.robot) return refusal(95_018)
    const left = spent(quotas.get(touser) ?? noQuota, allowance, now())
    if (!left) return refusal(95_001)
    quotas.set(touser, left)
    states.set(touser, serviceStates.robot)
    taken.set(msgid, { to: touser, said: shown.text })
    screen(touser).push(shown)
    return { ...ok, msgid }
  }

  function sendOnEvent({ code, msgid, ...said }: z.output<typeof onEventSchema>): object {
    const to = codes.get(code)
    codes.delete(code)
    const shown = shownOf(said)
    if (!to || !shown || now().getTime() - to.at.getTime() > 20_000) return refusal(40_058)
    screen(to.to).push({ ...shown, way: 'passive' })
    return { ...ok, msgid }
  }

  function people({ external_userid_list }: z.output<typeof peopleSchema>): object {
    const known = external_userid_list.map((external_userid) => {
      const unionid = unions.get(external_userid)
      return { external_userid, nickname: '微信用户', ...(unionid && { unionid }) }
    })
    return { ...ok, customer_list: known, invalid_external_userid: [] }
  }

  function tell(told: Record<string, unknown>): string {
    const msgid = next('m')
    list.push({ open_kfid: kfAccount, send_time: Math.floor(now().getTime() / 1_000), ...told, msgid })
    return msgid
  }

  function wrote(citizen: string): void {
    quotas.set(citizen, triggered(quotas.get(citizen) ?? noQuota, 'message', now()))
    const state = states.get(citizen) ?? serviceStates.ended
    if (state === serviceStates.ended) states.set(citizen, serviceStates.untaken)
  }

  return {
    ...{ answer, tell, wrote, screen, next, states, codes, unions, tokens },
    calls: (path?: string) => calls.filter((one) => path === undefined || one.path === path),
    /** Of ours, by whom they reached. */
    takenBy: (citizen: string) => [...taken].filter(([, { to }]) => to === citizen).map(([msgid]) => msgid),
    fault: (path: string, how: Fault['how']) => void faults.push({ path, how }),
    dropToken: () => void (token = ''),
  }
}

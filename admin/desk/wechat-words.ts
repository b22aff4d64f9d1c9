/** What the desk says of a WeChat conversation: how much may be sent, until when, and why something did not arrive. Pure. */
import type { KeptTurn } from '../../contract/turn.ts'
import {
  sendableNow,
  type NoticeState,
  type SendingRoom,
  type Undelivered,
  type UndeliveredWhy,
  type WechatStanding,
} from '../../contract/wechat-desk.ts'

/** `soon`: one is left, or less than two hours. `over`: nothing may be sent. */
export type RoomTone = 'calm' | 'soon' | 'over'
export type RoomShown = { tone: RoomTone; count?: string; rest: string; moment?: string; hint?: string }

const minuteMs = 60_000
const soonMs = 120 * minuteMs

export function roomShown(standing: WechatStanding, now: number): RoomShown {
  const { follows, message, moment, usual } = standing
  const isOpen = (room: SendingRoom | undefined) => room !== undefined && now < Date.parse(room.until)
  const hint = '您写的内容会留在这里'
  if (!follows) return { tone: 'over', rest: '市民已取消关注公众号，消息送不到', hint }
  const left = sendableNow(standing, now)
  const momentWords = moment && isOpen(moment) && moment.left > 0 ? momentOf(moment, now) : undefined
  if (!message || !isOpen(message)) {
    const over = `市民 ${usual.messageHours} 小时内没有发过消息，现在发不出去`
    if (left === 0) return { tone: 'over', rest: message ? over : '市民还没有发过消息，现在发不出去', hint }
    return { tone: 'soon', rest: '市民点了菜单或扫了码', moment: momentWords }
  }
  const restMs = Date.parse(message.until) - now
  const count = `${message.left}/${message.of}`
  const rest = `${spanWords(restMs)}内有效`
  if (left === 0) return { tone: 'over', count, rest: '微信许发的条数用完了，市民再发消息后才能继续', hint }
  return { tone: left === 1 || restMs < soonMs ? 'soon' : 'calm', count, rest, moment: momentWords }
}

const momentOf = ({ left, until }: SendingRoom, now: number) =>
  `另有 ${left} 条，${Math.max(1, Math.ceil((Date.parse(until) - now) / 1_000))} 秒内有效`

function spanWords(ms: number): string {
  const minutes = Math.max(1, Math.floor(ms / minuteMs))
  const hours = Math.floor(minutes / 60)
  return hours === 0 ? `${minutes} 分钟` : minutes % 60 === 0 ? `${hours} 小时` : `${hours} 小时 ${minutes % 60} 分`
}

/** Words of one who is refused by the platform as a whole, or by half. */
const whys: Record<UndeliveredWhy, string> = {
  quota: '微信许发的条数用完了，市民再发消息时会一并送到',
  window: '市民太久没有发消息，微信不让发；市民再发消息时会一并送到',
  gone: '市民取消关注或拒收了公众号的消息',
  elsewhere: '会话在企业微信的同事那里，或者已经结束；之后市民再发消息时会一并送到',
  busy: '微信正忙，系统会自动补发，不用重发',
  'set-up': '微信账号的设置有问题，已通知管理员；修好后系统会自动补发，不用重发',
  refused: '微信没有接受，请换个说法再发',
  unknown: '微信没有回音，可能已经送到；请先问一句，不要直接重发',
}

export function undeliveredWords({ why, isPartly, code }: Undelivered): string {
  const isLater = why === 'busy' || why === 'set-up'
  const whole = isLater ? '还没有送达' : '没有送达'
  const head = why === 'unknown' ? '不知道有没有送达' : isPartly ? '只送到一部分' : whole
  return `${head}：${whys[why]}${code === undefined ? '' : `（${code}）`}`
}

/** Whether these words of ours are among what did not arrive. */
export const undeliveredOf = (list: readonly Undelivered[], { seq, speaker }: KeptTurn): Undelivered | undefined =>
  speaker === 'customer' ? undefined : list.find(({ fromSeq, toSeq }) => seq >= fromSeq && seq <= toSeq)

/** What stands on the button, and whether it does anything. */
export const noticeButtons: Record<NoticeState, { words: string; does: boolean; why?: string }> = {
  ready: { words: '发订阅通知', does: true },
  refused: { words: '再发订阅通知', does: true, why: '上一次微信没有接受' },
  unset: { words: '发订阅通知', does: false, why: '没有设置订阅通知的模板' },
  not_asked: { words: '发订阅通知', does: false, why: '市民没有同意过，或同意的次数已用完' },
  declined: { words: '发订阅通知', does: false, why: '市民拒收订阅通知' },
  sent: { words: '订阅通知已发', does: false },
  unknown: { words: '订阅通知已发', does: false, why: '微信没有回音，可能已经送到' },
}

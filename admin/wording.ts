/** What the pages of the console say in common. Words that one page alone says stand on that page. */
import type { CaseState } from '../contract/case.ts'
import type { RevisionState } from '../contract/entry.ts'
import type { Insurance } from '../contract/text.ts'
import type { Channel, ConversationState } from '../contract/turn.ts'
import type { PresenceState } from '../contract/staff.ts'
import type { Way } from './call/audio-path.ts'
import type { Trouble, WhyOff } from './call/call.ts'
import type { RevisionMove } from './entries/revision-moves.ts'

export const product = '不打烊'

export const refusalWords = {
  unreachable: '没有连上服务器，请检查网络后再试。',
  signedOut: '登录已过期，请重新登录。',
  broken: '服务器没有给出答复，请稍后再试；一直这样请联系系统管理员。',
  alreadyClaimed: '这位市民刚刚由同事接待了。',
  movedOn: '市民刚刚又说了话，请看过再发。您写的内容还在。',
  sayTimedOut: '还没有得到服务器确认，连上后会自动再发，不会重复。',
} as const

export const channelNames: Record<Channel, string> = { web: '网页', wechat: '微信', phone: '电话' }
export const presenceNames: Record<PresenceState, string> = { online: '在线', busy: '忙碌', offline: '离线' }
export const conversationStateNames: Record<ConversationState, string> = {
  bot: '智能客服接待中',
  waiting: '等待人工',
  agent: '人工接待中',
  closed: '已结束',
}
const handoverReasons: Record<string, string> = {
  asked: '要求人工',
  bot_stuck: '智能客服没答上',
  urgent: '急事',
  bot_failed: '智能客服出错',
  agent_gone: '坐席掉线',
  transfer: '同事转来',
}
export const reasonWords = (reason: string) => handoverReasons[reason] ?? reason

/** What stands in the way of the microphone, and what to do about it. */
export const microphoneOffWords: Record<WhyOff, string> = {
  insecure: '这个网址不是 HTTPS，浏览器不给用麦克风。请系统管理员为控制台配置 HTTPS。',
  denied: '浏览器没有允许使用麦克风。请点地址栏旁的图标，允许麦克风，再试一次。',
  'no-device': '没有找到麦克风。请插好耳麦，再试一次。',
  'in-use': '麦克风被别的程序占用。请关闭那个程序，再试一次。',
  unplugged: '麦克风断开了。请插好耳麦，再试一次。',
  failed: '没能打开麦克风。请再试一次；一直这样请联系系统管理员。',
}
export const readAloudWords = '您写的话会读给市民听。'
export const callTroubleWords: Record<Trouble, string> = {
  blocked: '这个网络传不了通话的声音，请改用文字，并告诉系统管理员放行 WebSocket。',
  unheard: '没有收到市民的声音，电话可能已经断开。',
  unsteady: '网络不稳，声音可能断续。',
}
/** How the voice of a call travels. */
export const wayNames: Record<Way, string> = { direct: '声音直连', server: '声音经服务器' }
export const callEndedWords = { citizen: '市民已挂断', agent: '您已挂断' } as const

/** What an officer does to bring a case into a state. */
export const caseMoveNames: Record<CaseState, string> = {
  to_verify: '退回核实',
  contacted: '登记已联系',
  rectifying: '开始整改',
  to_review: '提交复核',
  reported_back: '反馈市民',
  followed_up: '登记回访',
  closed: '办结',
  appeal: '申诉复核',
  excluded: '认定申诉成立',
  returned: '退回 12345',
}

export const revisionStateNames: Record<RevisionState, string> = {
  draft: '草稿',
  submitted: '待审核',
  approved: '已审核',
  published: '已发布',
  withdrawn: '已撤下',
  superseded: '已被取代',
}
export const revisionMoveNames: Record<RevisionMove, string> = {
  submit: '提交审核',
  approve: '审核通过',
  publish: '发布',
  withdraw: '撤下',
}
export const exampleWords = '随附示例，待本单位审核'
export const insuranceNames: Record<Insurance, string> = { employee: '职工医保', resident: '居民医保' }
export const everywhere = '全国'

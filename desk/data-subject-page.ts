/** A citizen's copy as a page that prints: all of it as text, nothing in it is understood by a browser. */
import type { OwnRecords } from './own-records.store.ts'

const clock = new Intl.DateTimeFormat('sv-SE', { timeZone: 'Asia/Shanghai', dateStyle: 'short', timeStyle: 'short' })
const speakers: Record<string, string> = { customer: '您', bot: '智能客服', agent: '人工客服', system: '系统' }
const channels: Record<string, string> = { web: '网页', wechat: '微信', phone: '电话' }
const carriers: Record<string, string> = { sms: '短信', email: '邮件', wechat: '微信通知' }
const levels = ['', '非常不满意', '不满意', '基本满意', '满意', '非常满意']
const callbackResults: Record<string, string> = {
  reached: '已回电',
  not_reached: '多次拨打没有接通',
  served: '再次来电时已接待',
}
const caseKinds: Record<string, string> = { complaint: '投诉', bad_rating: '差评' }

export function recordsPage(records: OwnRecords, bureau: string, now: Date): string {
  const { conversations, ratings, callbacks, cases, tellings, messages, optedOutAt, files } = records
  const parts = [
    `<h1>我的记录</h1><p>${text(bureau)}　导出时间 ${when(now)}</p>`,
    section('对话', conversations.length, conversations.map(conversation)),
    section(
      '评价',
      ratings.length,
      ratings.map((one) =>
        row([when(one.givenAt), levels[one.level] ?? String(one.level), one.reasons.join('、'), one.words ?? '']),
      ),
    ),
    section(
      '预约回电',
      callbacks.length,
      callbacks.map((one) => {
        const state = callbackResults[one.result ?? ''] ?? `应在 ${when(one.dueAt)} 前回电`
        return row([when(one.askedAt), one.phone, state, one.hasRecording ? '有留言录音' : ''])
      }),
    ),
    section(
      '投诉与整改',
      cases.length,
      cases.map((one) => {
        const closed = one.closedAt ? `${when(one.closedAt)} 办结` : `${one.dueOn} 前办结`
        return row([one.number, caseKinds[one.kind] ?? one.kind, one.text, one.contact ?? '', closed])
      }),
    ),
    section(
      '一次性告知',
      tellings.length,
      tellings.map((one) => row([when(one.at), one.question, one.arrivedAt ? `${when(one.arrivedAt)} 看到` : ''])),
    ),
    section(
      '发给您的短信和邮件',
      messages.length,
      messages.map((one) => row([when(one.at), carriers[one.channel] ?? one.channel, one.text])),
    ),
    ...(optedOutAt ? [`<p>您在 ${when(optedOutAt)} 退订了通知。</p>`] : []),
    section('图片、语音和文件', files.length, files.map(file)),
  ]
  return `<!doctype html><html lang="zh-CN"><head><meta charset="utf-8"><title>我的记录</title><style>${look}</style></head><body>${parts.join('')}</body></html>`
}

const look =
  'body{font:15px/1.7 system-ui,sans-serif;max-width:46em;margin:2em auto;padding:0 1em;color:#1d2733}h2{margin-top:2em;border-bottom:1px solid #e3e8ee}h3{font-size:1em;margin:1.4em 0 .4em}p{margin:.3em 0;white-space:pre-wrap;overflow-wrap:anywhere}b{font-weight:600}small{color:#5b6b7b}img{display:block;max-width:100%;max-height:24em}'

function conversation({ channel, startedAt, turns }: OwnRecords['conversations'][number]): string {
  const said = turns.map(({ speaker, workNumber, text: words, at }) => {
    const who = workNumber ? `工号 ${workNumber}` : (speakers[speaker] ?? speaker)
    return `<p><small>${when(at)}</small> <b>${text(who)}</b>：${text(words)}</p>`
  })
  return `<h3>${when(startedAt)}　${text(channels[channel] ?? channel)}</h3>${said.join('')}`
}

/** The types are ours, the content is base64: neither can end the attribute that it stands in. */
function file({ name, type, sentBy, at, content }: OwnRecords['files'][number]): string {
  const who = speakers[sentBy] ?? sentBy
  const head = row([when(at), who, name, ...(content ? [] : ['这次导出放不下，可到窗口领取'])])
  if (!content) return head
  const address = `data:${text(type)};base64,${content}`
  const shown = type.startsWith('image/') ? `<img alt="${text(name)}" src="${address}">` : ''
  return `${head}<p>${shown}<a download="${text(name)}" href="${address}">保存</a></p>`
}

function section(title: string, count: number, rows: readonly string[]): string {
  return `<h2>${title}（${count}）</h2>${count === 0 ? '<p>没有记录。</p>' : rows.join('')}`
}

function row(cells: readonly string[]): string {
  return `<p>${cells.filter(Boolean).map(text).join('　')}</p>`
}

const when = (at: Date) => clock.format(at)

function text(words: string): string {
  return words.replace(/[&<>"']/g, (sign) => `&#${sign.charCodeAt(0)};`)
}

/** The page on which a citizen agrees to notices inside WeChat, by WeChat's own button: web-widget/notices.ts readies it. */
import type { NoticeTemplate } from '../../wechat/notice.ts'
import type { PagePass } from '../../wechat/page-signing.ts'
import { page, textOf } from './public-page-frame.ts'

export type NoticePage = { bureau: string; appId: string; template: NoticeTemplate; pass: PagePass; kitUrl: string }

const title = '接收新进展通知'
const buttons = { once: '同意接收一次通知', long: '同意接收通知' } as const
const rules = {
  once: '点一次同意，可以收到一次通知；以后想再收，再点一次就行。',
  long: '同意一次就行。以后不想收了，可以在微信“服务通知”里关掉。',
} as const

export function noticePage({ bureau, appId, template, pass, kitUrl }: NoticePage): string {
  const { nonce, timestamp, signature } = pass
  const config = Object.entries({ 'app-id': appId, nonce, timestamp, signature })
    .map(([name, value]) => `data-${name}="${textOf(value)}"`)
    .join(' ')
  return page(
    bureau,
    title,
    `<h1>${title}</h1>
<p>您 48 小时没有说话，或者我们已经连续发了几条，微信就不让我们再给您发消息。您同意以后，有了新进展，我们用微信的“服务通知”告诉您。</p>
<p>${rules[template.kind]}不同意也不影响咨询和办事。</p>
<div id="notices" ${config} hidden>
<wx-open-subscribe template="${textOf(template.id)}" id="agree">
<script type="text/wxtag-template" slot="style"><style>${button}</style></script>
<script type="text/wxtag-template"><button class="agree">${buttons[template.kind]}</button></script>
</wx-open-subscribe>
</div>
<p id="told" role="status">请在手机微信里打开这个页面。</p>
<script src="${textOf(kitUrl)}"></script>
<script src="/widget/notices.js"></script>`,
    more,
  )
}

export const noNoticePage = (bureau: string, told: string): string =>
  page(bureau, title, `<h1>${title}</h1>\n<p role="status">${textOf(told)}</p>`)

const button =
  '.agree { width: 100%; min-height: 60px; padding: 12px 16px; border: 0; border-radius: 8px; background: #0f6d66; color: #fff; font: 600 20px/1.4 sans-serif; }'
const more = `
wx-open-subscribe { display: block; width: 100%; max-width: 26rem; min-height: 60px; margin: 1.5rem 0 .5rem; }
#told { color: #5b6b7b; }
#told.good { color: #1f7a3f; font-weight: 600; }
`

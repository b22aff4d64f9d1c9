/** The account's menu as WeChat takes it. What is tapped comes back as if it had been written. */
import type { WechatMenu } from '../contract/wechat.ts'

type Button = Omit<WechatMenu['buttons'][number], 'buttons'> & { buttons?: readonly Button[] }

export const menuBody = ({ buttons }: WechatMenu): object => ({ button: buttons.map(buttonBody) })

function buttonBody({ name, say, link, buttons = [] }: Button): object {
  if (buttons.length > 0) return { name, sub_button: buttons.map(buttonBody) }
  return link === undefined ? { type: 'click', name, key: say } : { type: 'view', name, url: link }
}

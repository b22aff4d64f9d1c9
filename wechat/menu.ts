/** The account's menu as WeChat takes it. What is tapped comes back as if it had been written. */
import type { WechatMenu } from '../contract/wechat.ts'

type Button = WechatMenu['buttons'][number]

export const menuBody = ({ buttons }: WechatMenu): object => ({
  button: buttons.map((button) =>
    button.buttons.length > 0 ? { name: button.name, sub_button: button.buttons.map(buttonBody) } : buttonBody(button),
  ),
})

function buttonBody({ name, does, value }: Pick<Button, 'name' | 'does' | 'value'>): object {
  return does === 'say' ? { type: 'click', name, key: value } : { type: 'view', name, url: value }
}

/** The account's menu as a form has it: every field a text, empty where it is not used. */
import type { WechatMenu } from '../../contract/wechat.ts'

export type MenuField = { name: string; say: string; link: string }
export type MenuRow = MenuField & { buttons: MenuField[] }
type Given = { name: string; say?: string; link?: string }

const fieldOf = ({ name, say = '', link = '' }: Given): MenuField => ({ name, say, link })

export const rowsOf = ({ buttons }: WechatMenu): MenuRow[] =>
  buttons.map((button) => ({ ...fieldOf(button), buttons: button.buttons.map(fieldOf) }))

function given({ name, say, link }: MenuField): Given {
  return { name: name.trim(), ...(say.trim() && { say: say.trim() }), ...(link.trim() && { link: link.trim() }) }
}

/** A button with others below does nothing by itself. */
export const menuOf = (rows: readonly MenuRow[]): WechatMenu => ({
  buttons: rows.map(({ buttons, ...row }) =>
    buttons.length > 0 ? { name: row.name.trim(), buttons: buttons.map(given) } : { ...given(row), buttons: [] },
  ),
})

/** The desk by keyboard: which stroke means what, and the list of them. Pure. */

export const strokes = [
  { act: 'next', keys: 'Alt + J', words: '下一个会话' },
  { act: 'previous', keys: 'Alt + K', words: '上一个会话' },
  { act: 'reply', keys: 'Alt + L', words: '回复市民；还在等待的先接待' },
  { act: 'note', keys: 'Alt + P', words: '写备注（市民看不到）' },
  { act: 'send-draft', keys: 'Alt + S', words: '原文发送智能客服的草稿' },
  { act: 'edit-draft', keys: 'Alt + R', words: '把草稿放入回复，改了再发' },
  { act: 'reject-draft', keys: 'Alt + Z', words: '不用这条草稿' },
  { act: 'search', keys: 'Alt + Q', words: '搜索知识' },
  { act: 'insert', keys: 'Alt + I', words: '插入知识里选中的答案，先是第一条' },
  { act: 'transfer', keys: 'Alt + T', words: '转接' },
  { act: 'file-case', keys: 'Alt + C', words: '立投诉单' },
  { act: 'accept', keys: 'Alt + A', words: '接手同事转来的会话，接听再次来电' },
  { act: 'decline', keys: 'Alt + X', words: '谢绝同事转来的会话' },
  { act: 'close', keys: 'Alt + E', words: '结束会话' },
  { act: 'help', keys: '?', words: '打开这张表（不在输入框里时）' },
] as const
export type DeskAct = (typeof strokes)[number]['act']

/** What the boxes themselves take. */
export const boxStrokes = [
  { keys: 'Enter 或 Ctrl + Enter', words: '发送回复，或保存备注' },
  { keys: 'Shift + Enter', words: '换行' },
  { keys: '/', words: '在回复里打开常用语，上下键选择，Enter 放入' },
  { keys: '@', words: '在备注里提到同事' },
  { keys: '↑ ↓ 和 Enter', words: '搜索知识时选一条，插入' },
  { keys: 'Esc', words: '关闭打开的列表或窗口' },
] as const

const byCode = new Map<string, DeskAct>([
  ['KeyJ', 'next'],
  ['KeyK', 'previous'],
  ['KeyL', 'reply'],
  ['KeyP', 'note'],
  ['KeyS', 'send-draft'],
  ['KeyR', 'edit-draft'],
  ['KeyZ', 'reject-draft'],
  ['KeyQ', 'search'],
  ['KeyI', 'insert'],
  ['KeyT', 'transfer'],
  ['KeyC', 'file-case'],
  ['KeyA', 'accept'],
  ['KeyX', 'decline'],
  ['KeyE', 'close'],
])

/** What is used of a KeyboardEvent. */
type Stroke = {
  code: string
  key: string
  altKey: boolean
  ctrlKey: boolean
  metaKey: boolean
  isComposing: boolean
}

/** By place on the keyboard: with Alt some systems give another letter. */
export function actOf(
  { code, key, altKey, ctrlKey, metaKey, isComposing }: Stroke,
  isInText: boolean,
): DeskAct | undefined {
  if (isComposing || ctrlKey || metaKey) return undefined
  if (altKey) return byCode.get(code)
  return (key === '?' || key === '？') && !isInText ? 'help' : undefined
}

/** The conversation after or before the open one in the list as it stands; the ends meet. */
export function neighbour(ids: readonly string[], open: string | undefined, step: 1 | -1): string | undefined {
  const at = open === undefined ? -1 : ids.indexOf(open)
  if (at < 0) return step === 1 ? ids[0] : ids.at(-1)
  return ids[(at + step + ids.length) % ids.length]
}

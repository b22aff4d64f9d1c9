/** What colleagues do at a conversation, in one line. Pure. */
import type { Viewer } from '../../contract/desk-notes.ts'

export type Writing = { what: 'reply' | 'note' }

/** "工号 1002 正在写备注，工号 1003 也在看" */
export function viewingWords(viewers: readonly Viewer[], writing: ReadonlyMap<string, Writing>, own?: string): string {
  const acts = [...writing].map(([number, { what }]) => {
    const act = what === 'reply' ? '正在回复市民' : '正在写备注'
    return number === own ? `您在另一个窗口${act}` : `工号 ${number} ${act}`
  })
  const idle = viewers.filter(({ workNumber }) => !writing.has(workNumber)).map(({ workNumber }) => workNumber)
  return [...acts, ...(idle.length > 0 ? [`工号 ${idle.join('、')} 也在看`] : [])].join('，')
}

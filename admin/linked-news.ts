/** News of one conversation, for a moment above the page, with the way to it. The newest few stay: a crowd hides the page. */
import { h } from 'vue'
import { ElMessage } from 'element-plus'
import { useRouter } from 'vue-router'

const staysMs = 20_000
const mostShown = 3

type Shown = { close: () => void }
const shown: Shown[] = []

/** Called in a component's setup. */
export function useLinkedNews() {
  const router = useRouter()
  return (words: string, conversationId: string, type: 'warning' | 'error' = 'warning'): void => {
    if (shown.length >= mostShown) shown[0]?.close()
    const go = () => {
      handle.close()
      void router.push({ name: 'desk', params: { conversationId } })
    }
    const link = h('button', { type: 'button', class: 'news-way', onClick: go }, '看会话')
    const onClose = () => void shown.splice(shown.indexOf(handle), 1)
    const message = h('span', { role: 'alert' }, [words, link])
    const handle: Shown = ElMessage({ type, message, duration: staysMs, showClose: true, onClose })
    shown.push(handle)
  }
}

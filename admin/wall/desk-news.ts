/** What an agent is told besides the list: somebody was given to them, taken from them, or waits and nobody comes. */
import { ElMessage } from 'element-plus'
import { onBeforeUnmount } from 'vue'
import type { QueueNews } from '../../contract/queue.ts'
import { chime } from '../desk/chime.ts'
import type { Connection } from '../desk/connection.ts'
import { useLateNews } from './late-news.ts'

type Parts = {
  /** What is open on the desk now. */
  openId: () => string | undefined
  show: (conversationId: string) => Promise<void>
  reopen: (conversationId: string) => Promise<unknown>
}

const staysMs = 20_000

export function useDeskNews(connection: Connection, { openId, show, reopen }: Parts): void {
  const { socket } = connection
  const warn = (message: string) => ElMessage({ type: 'warning', message, duration: staysMs, showClose: true })

  const given: QueueNews['conversation:given'] = ({ conversationId, isCall }) => {
    chime()
    warn(isCall ? '已为您分配一个来电，请接听。' : '已为您分配一位市民，请接待。')
    if (openId() === undefined) void show(conversationId)
  }
  const taken: QueueNews['conversation:taken'] = ({ conversationId, byNumber, reason }) => {
    warn(`工号 ${byNumber} 接过了您的一个会话：${reason}`)
    if (openId() === conversationId) void reopen(conversationId)
  }
  // The bell says it in words, on whatever page.
  const escalated: QueueNews['queue:escalated'] = () => chime()

  useLateNews(connection)
  socket.on('conversation:given', given)
  socket.on('conversation:taken', taken)
  socket.on('queue:escalated', escalated)
  onBeforeUnmount(() => {
    socket.off('conversation:given', given)
    socket.off('conversation:taken', taken)
    socket.off('queue:escalated', escalated)
  })
}

/** Somebody asked for a person and gets no answer: said once by whichever page is open, and once where two are. */
import { onBeforeUnmount } from 'vue'
import type { QueueNews } from '../../contract/queue.ts'
import { chime } from '../desk/chime.ts'
import type { Connection } from '../desk/connection.ts'
import { waitWords } from '../desk/wait.ts'
import { useLinkedNews } from '../linked-news.ts'
import { myRoles, session } from '../session.ts'

export function useLateNews({ socket }: Connection): void {
  const tellOf = useLinkedNews()
  const late: QueueNews['queue:late'] = ({ conversationId, level, waitedSeconds, agentNumber }) => {
    const isMine = agentNumber !== undefined && agentNumber === session.value?.workNumber
    // Fifty agents who are told of every citizen look at none: theirs is the colour in the list.
    if (!isMine && !myRoles.value.includes('supervisor')) return
    const who = isMine ? '您接待的市民' : agentNumber ? `工号 ${agentNumber} 接待的市民` : '要人工的市民'
    const message = `${who}等了 ${waitWords(waitedSeconds)}，还没有${agentNumber ? '得到答复' : '人接待'}。`
    if (level === 'red') chime()
    tellOf(message, conversationId, level === 'red' ? 'error' : 'warning')
  }
  socket.on('queue:late', late)
  onBeforeUnmount(() => socket.off('queue:late', late))
}

/**
 * The desk's socket: asks that are answered or fail in words, news, and whether the line is up. An ask that gets no
 * answer may still have been carried out, so whoever asks again must bring the same clientId.
 */
import { io, type Socket } from 'socket.io-client'
import { onBeforeUnmount, ref } from 'vue'
import type { z } from 'zod'
import type { AgentAsk, AgentNews, AgentReplies, agentAsks } from '../../contract/agent-events.ts'
import type { Reply } from '../../contract/visitor-events.ts'
import { passOnAlerts } from '../alerts/push.ts'
import { ApiError, get } from '../api.ts'
import { refusalWords } from '../wording.ts'

type AskOf<A extends AgentAsk> = z.input<(typeof agentAsks)[A]>
type Sendings = Record<string, (...given: unknown[]) => void>

const patienceMs = 10_000
const tryAgainMs = 2_000

export type Connection = ReturnType<typeof useConnection>

export function useConnection() {
  const socket: Socket<AgentNews, Sendings> = io('/agent', {
    autoConnect: false,
    reconnectionDelayMax: 5_000,
    // Speech cannot be polled; polling is for networks that let no WebSocket through.
    transports: ['websocket', 'polling'],
    tryAllTransports: true,
  })
  /** `connecting` only before the first connection; afterwards a line is up or down. */
  const line = ref<'connecting' | 'up' | 'down'>('connecting')
  let tryAgain: ReturnType<typeof setTimeout> | undefined

  const closeAlerts = passOnAlerts(socket)
  socket.on('connect', () => (line.value = 'up'))
  socket.on('disconnect', (why) => {
    if (line.value === 'up') line.value = 'down'
    // The client does not come back by itself after the server's own goodbye.
    if (why === 'io server disconnect') comeBack()
  })
  socket.on('connect_error', () => {
    line.value = 'down'
    if (!socket.active) comeBack()
  })

  /** The refusal may mean that the session is over: asking for it sends the person to the sign-in page. */
  function comeBack(): void {
    clearTimeout(tryAgain)
    tryAgain = setTimeout(() => {
      void get('session')
        .then(() => socket.connect())
        .catch((error: unknown) => {
          if (!(error instanceof ApiError && error.code === 'not_signed_in')) comeBack()
        })
    }, tryAgainMs)
  }

  // The browser knows of a lost network long before the heartbeat does.
  const onOffline = () => {
    if (line.value === 'up') line.value = 'down'
    socket.disconnect()
  }
  const onOnline = () => socket.connect()
  window.addEventListener('offline', onOffline)
  window.addEventListener('online', onOnline)
  onBeforeUnmount(() => {
    window.removeEventListener('offline', onOffline)
    window.removeEventListener('online', onOnline)
    clearTimeout(tryAgain)
    closeAlerts()
    socket.removeAllListeners()
    socket.disconnect()
  })

  /** @throws ApiError with the server's code and words; `unreachable` when no answer came. */
  async function ask<A extends AgentAsk>(ask: A, what: AskOf<A>): Promise<AgentReplies[A]> {
    if (!socket.connected) throw new ApiError('unreachable', refusalWords.unreachable)
    const reply = await new Promise<Reply<unknown>>((resolve, reject) => {
      socket.timeout(patienceMs).emit(ask, what, (late: Error | null, answer: Reply<unknown>) => {
        if (late) reject(new ApiError('unreachable', refusalWords.unreachable))
        else resolve(answer)
      })
    })
    if (!reply.ok) throw new ApiError(reply.code, reply.message, reply.fields)
    // The contract pairs every ask with its reply; the server's tests hold it to that.
    return reply.value as AgentReplies[A]
  }

  return { socket, line, ask, start: () => socket.connect() }
}

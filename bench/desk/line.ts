/** One client's socket: connected by hand, so that who is gone stays gone until they come back. */
import { io, type Socket } from 'socket.io-client'
import type { Reply } from '../../contract/visitor-events.ts'

const patienceMs = 20_000
const tries = 100

type Given = { auth?: () => object; cookie?: string }
export type Line = ReturnType<typeof aLine>

export function aLine(url: string, { auth = () => ({}), cookie }: Given) {
  const socket: Socket = io(url, {
    transports: ['websocket'],
    forceNew: true,
    reconnection: false,
    autoConnect: false,
    auth: (give: (auth: object) => void) => give(auth()),
    ...(cookie && { extraHeaders: { cookie } }),
  })

  function attempt(): Promise<boolean> {
    return new Promise((resolve) => {
      const settle = (isThere: boolean) => () => {
        socket.off('connect', connected)
        socket.off('connect_error', refused)
        resolve(isThere)
      }
      const connected = settle(true)
      const refused = settle(false)
      socket.on('connect', connected)
      socket.on('connect_error', refused)
      socket.connect()
    })
  }

  return {
    socket,
    async connect(): Promise<void> {
      for (let tried = 0; tried < tries; tried++) {
        if (await attempt()) return
        await new Promise((resolve) => setTimeout(resolve, 100))
      }
      throw new Error(`${url} does not answer`)
    },

    /** The connection breaks: no goodbye of socket.io's is sent. */
    drop: () => void socket.io.engine.close(),

    /** @returns undefined when nobody answered: it may have been done or not. */
    async ask<T>(ask: string, asked: object): Promise<Reply<T> | undefined> {
      try {
        return (await socket.timeout(patienceMs).emitWithAck(ask, asked)) as Reply<T>
      } catch {
        return undefined
      }
    },
  }
}

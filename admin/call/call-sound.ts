/**
 * The sound of one call, whichever way carries it. It begins through the server, so that nobody waits in silence, and
 * changes to the direct way as soon as one is found.
 *
 * Invariant: one way at a time; a direct way that was not found in time or broke is not tried again in this call.
 */
import type { Connection } from '../desk/connection.ts'
import { noStats, type AudioPath, type Way } from './audio-path.ts'
import { levelOf, troubleBetween, type Trouble } from './call.ts'
import { loudnessOf } from './g711.ts'
import { socketPath } from './socket-path.ts'
import type { Sound } from './sound.ts'
import type { WebrtcLine } from './webrtc-line.ts'

const connectWithinMs = 5_000
const judgeEveryMs = 3_000

export type Levels = { citizen: number; agent: number }
export const silent: Levels = { citizen: 0, agent: 0 }
export type CallSound = ReturnType<typeof callSound>

type Parts = {
  socket: Connection['socket']
  line: WebrtcLine
  conversationId: string
  sound: Sound
  told: { way: (way: Way) => void; levels: (levels: Levels) => void; trouble: (trouble?: Trouble) => void }
}

export function callSound({ socket, line, conversationId, sound, told }: Parts) {
  let path: AudioPath = socketPath({ socket, conversationId, sound })
  let judged = noStats
  let loudest = 0
  let [isMuted, isHeld, mayTry] = [false, false, true]
  let tooLate: ReturnType<typeof setTimeout> | undefined
  const judging = setInterval(judge, judgeEveryMs)

  sound.listen({
    captured(alaw) {
      if (isHeld) return
      loudest = Math.max(loudest, loudnessOf(alaw))
      path.send(alaw)
    },
    played() {
      told.levels({ citizen: isHeld ? 0 : levelOf(path.loudness()), agent: levelOf(loudest) })
      loudest = 0
    },
  })

  function change(to: AudioPath): void {
    path.close()
    path = to
    path.hold(isHeld)
    judged = noStats
    told.way(path.way)
  }

  function judge(): void {
    const now = path.stats()
    told.trouble(troubleBetween(judged, now))
    judged = now
  }

  return {
    /** The server takes this console's frames: the direct way is sought from now on. */
    opened(): void {
      told.way(path.way)
      if (!mayTry || path.way === 'direct') return
      clearTimeout(tooLate)
      tooLate = setTimeout(() => line.giveUp(), connectWithinMs)
      line.carry({
        conversationId,
        microphone: sound.microphone,
        bound(direct) {
          clearTimeout(tooLate)
          change(direct)
        },
        lost() {
          clearTimeout(tooLate)
          mayTry = !socket.connected // what went with the connection may come back with it
          if (path.way === 'direct') change(socketPath({ socket, conversationId, sound }))
        },
      })
    },
    mute(on: boolean): void {
      isMuted = on
      sound.mute(isMuted || isHeld)
    },
    /** The caller hears music; nothing of this room leaves it. */
    hold(on: boolean): void {
      isHeld = on
      sound.mute(isMuted || isHeld)
      path.hold(on)
    },
    close(): void {
      clearTimeout(tooLate)
      clearInterval(judging)
      path.close()
      line.rest()
      sound.close()
    },
  }
}

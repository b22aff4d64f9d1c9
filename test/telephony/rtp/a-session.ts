/** Sessions on 127.0.0.1 with ports that the kernel gives, and what they heard. */
import type { Key } from '../../../telephony/rtp/key-press.ts'
import { mediaSession } from '../../../telephony/rtp/media-session.ts'
import type { Direction, RemoteMedia } from '../../../telephony/rtp/media.ts'
import { monotonicClock, type Clock } from '../../../telephony/rtp/clock.ts'
import { pacer, type Pacer } from '../../../telephony/rtp/pacer.ts'
import { portPool, type PortPool } from '../../../telephony/rtp/port-pool.ts'

export const host = '127.0.0.1'

export function aPacer(clock: Clock = monotonicClock): Pacer {
  return pacer(clock, (error) => {
    throw error
  })
}

type Wishes = { pacer: Pacer; ports?: PortPool; clock?: Clock; silentAfterMs?: number }

export async function aSession({ ports = portPool(), clock = monotonicClock, ...wishes }: Wishes) {
  const frames: Uint8Array[] = []
  const arrived: Uint8Array[] = []
  const pressed: Key[] = []
  const silences: number[] = []
  const faults: string[] = []
  const session = await mediaSession({
    local: { address: host, ports },
    clock,
    log: { info: () => {}, error: (fields, message) => faults.push(`${message} ${JSON.stringify(fields)}`) },
    ears: {
      onFrame: (alaw, kind) => {
        if (kind === 'heard') frames.push(alaw)
      },
      onArrival: (alaw) => arrived.push(alaw),
      onKey: (key) => pressed.push(key),
      onSilent: () => silences.push(clock.nowMs()),
    },
    ...wishes,
  })
  return { session, frames, arrived, pressed, silences, faults }
}

export function remoteAt(port: number, over: Partial<RemoteMedia> = {}): RemoteMedia {
  const direction: Direction = 'sendrecv'
  return { host, port, codecs: [{ name: 'PCMA', payload: 8 }], keysPayload: 101, direction, ...over }
}

/** Two sessions that are each other's remote. */
export async function aCall(wishes: Wishes, over: Partial<RemoteMedia> = {}) {
  const [here, there] = [await aSession(wishes), await aSession(wishes)]
  here.session.setRemote(remoteAt(there.session.localPort, over))
  there.session.setRemote(remoteAt(here.session.localPort, over))
  return {
    here,
    there,
    close: () => Promise.all([here.session.close(), there.session.close()]),
  }
}

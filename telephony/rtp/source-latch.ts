/**
 * Whose packets a call listens to.
 *
 * The negotiated address and port, at once. Only when the caller sits behind address translation (its SDP names another
 * address than its signalling comes from) may a place be learned, once: the same IP as SDP or signalling, five packets
 * that follow one another. After that the latch is locked: whoever else sends is a stranger, neither heard nor answered,
 * until a new offer makes a new latch. Another stream from the locked place is followed only when the one before it has
 * gone quiet and five packets of the new one have come.
 */
export type Place = { address: string; port: number }

export type LatchRules = {
  negotiated: Place
  /** Addresses from which a place may be learned; none: the negotiated place or nothing. */
  learnFrom: readonly string[]
  payloadTypes: readonly number[]
}

export type Sighting = Place & { ssrc: number; sequence: number; payloadType: number; atMs: number }

/** `new-stream`: ours from now on, and the first of its stream. `on-trial`: perhaps ours later, not now. */
export type Verdict = 'ours' | 'new-stream' | 'on-trial' | 'stranger'

export type SourceLatch = ReturnType<typeof sourceLatch>

const packetsToConvince = 5
const quietMs = 60
/** More than this many places on trial at once is a flood: the oldest trial is given up. */
const mostTrials = 4

type Trial = Place & { ssrc: number; payloadType: number; sequence: number; count: number }

export function sourceLatch({ negotiated, learnFrom, payloadTypes }: LatchRules) {
  let accepted = payloadTypes
  let locked: (Place & { ssrc: number; heardAtMs: number }) | undefined
  let trials: Trial[] = []

  function lock({ address, port, ssrc, atMs }: Sighting): Verdict {
    locked = { address, port, ssrc, heardAtMs: atMs }
    trials = []
    return 'new-stream'
  }

  function isConvincing(seen: Sighting): boolean {
    const known = trials.find((trial) => isSamePlace(trial, seen) && trial.ssrc === seen.ssrc)
    if (!known) {
      const { address, port, ssrc, payloadType, sequence } = seen
      trials = [...trials.slice(1 - mostTrials), { address, port, ssrc, payloadType, sequence, count: 1 }]
      return false
    }
    const follows = seen.sequence === ((known.sequence + 1) & 0xffff) && seen.payloadType === known.payloadType
    known.count = follows ? known.count + 1 : 1
    known.sequence = seen.sequence
    known.payloadType = seen.payloadType
    return known.count >= packetsToConvince
  }

  return {
    judge(seen: Sighting): Verdict {
      if (!accepted.includes(seen.payloadType)) return 'stranger'
      if (!locked) {
        if (isSamePlace(negotiated, seen)) return lock(seen)
        if (!learnFrom.includes(seen.address)) return 'stranger'
        return isConvincing(seen) ? lock(seen) : 'on-trial'
      }
      if (!isSamePlace(locked, seen)) return 'stranger'
      if (seen.ssrc === locked.ssrc) {
        locked.heardAtMs = seen.atMs
        return 'ours'
      }
      const isQuiet = seen.atMs - locked.heardAtMs >= quietMs
      return isConvincing(seen) && isQuiet ? lock(seen) : 'on-trial'
    },

    /** The same place under a new agreement. */
    accept(types: readonly number[]): void {
      accepted = types
    },

    /** Where the caller is: what was locked on, else what was negotiated. */
    place: (): Place => locked ?? negotiated,
    isLocked: () => locked !== undefined,
    /** True once the caller was found somewhere else than the offer said. */
    isLearned: () => locked !== undefined && !isSamePlace(locked, negotiated),
  }
}

/** Where a place may be learned from: nowhere, unless signalling shows that the SDP's address is behind translation. */
export function learnableAddresses(sdpAddress: string, signallingAddress: string | undefined): string[] {
  if (signallingAddress === undefined || signallingAddress === sdpAddress) return []
  return [sdpAddress, signallingAddress]
}

export const isSamePlace = (one: Place, other: Place) => one.port === other.port && one.address === other.address

/**
 * Which way the agent's side of a call travels: over the link to the server as a matter of course, or over a leg that
 * is bound to the call, such as a browser's peer connection or a desk phone.
 *
 * Invariant: a call has one way at a time. Whoever loses a call, because another leg was bound or the call is over, is
 * closed once; afterwards nothing that it hears reaches anybody.
 */

/** One agent's device, for one call. */
export type AgentLeg = {
  /** The caller's voice to the agent: 160 bytes of A-law, 20 ms. Lost rather than late; never throws. */
  send(alaw160: Uint8Array): void
  /** The call is no longer this leg's. Not told to a leg that let go by itself. */
  close(): void
}
/** What the leg's owner holds while it is bound. */
export type BoundLeg = {
  /** The agent's voice to the caller: 160 bytes of A-law, 20 ms. */
  hear(alaw160: Uint8Array): void
  /** Gives the call back to the link; to be called once or often. */
  release(): void
}
export type AgentLegs = ReturnType<typeof agentLegs>

type Parts = {
  /** A call of this conversation is up. */
  isUp: (conversationId: string) => boolean
  overLink: (conversationId: string, alaw: Uint8Array) => void
  toCall: (conversationId: string, alaw: Uint8Array) => void
}

export function agentLegs({ isUp, overLink, toCall }: Parts) {
  const legs = new Map<string, AgentLeg>()

  function part(conversationId: string): void {
    const leg = legs.get(conversationId)
    legs.delete(conversationId)
    leg?.close()
  }

  return {
    /** From now on this leg is the agent's side of the call. @returns nothing when no such call is up. */
    bind(conversationId: string, leg: AgentLeg): BoundLeg | undefined {
      if (!isUp(conversationId)) return undefined
      part(conversationId)
      legs.set(conversationId, leg)
      const isBound = () => legs.get(conversationId) === leg
      return {
        hear(alaw) {
          if (isBound()) toCall(conversationId, alaw)
        },
        release() {
          if (isBound()) legs.delete(conversationId)
        },
      }
    },

    /** The caller's voice, out by whatever carries the call. */
    send(conversationId: string, alaw: Uint8Array): void {
      const leg = legs.get(conversationId)
      if (leg) leg.send(alaw)
      else overLink(conversationId, alaw)
    },

    /** The agent's voice as it came over the link. Beside a bound leg it is an echo of what was, and is dropped. */
    fromLink(conversationId: string, alaw: Uint8Array): void {
      if (!legs.has(conversationId)) toCall(conversationId, alaw)
    },

    isBound: (conversationId: string) => legs.has(conversationId),

    /** The call is over. */
    part,

    partAll: () => [...legs.keys()].forEach(part),

    /** How many calls are on a leg of their own. */
    bound: () => legs.size,
  }
}

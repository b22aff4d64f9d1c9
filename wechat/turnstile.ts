/**
 * So many are worked on at once, and no more: what is begun is soon done, where a crowd let in together would all be
 * late together. Whoever waits is taken in the order of coming while their answer can still be heard on the spot; those
 * for whom it is too late anyhow are taken when nobody else waits, for each of them would make another one late.
 *
 * Invariant: what one citizen did is begun in the order in which it came.
 */
type Waiting = { who: string; since: Date; begin: () => void }
export type Turnstile = ReturnType<typeof turnstile>

/** @param heardForMs how long after coming it still makes sense to hurry */
export function turnstile({ atOnce, heardForMs, now }: { atOnce: number; heardForMs: number; now: () => Date }) {
  const inTime: Waiting[] = []
  const late: Waiting[] = []
  let inside = 0

  function next(): Waiting | undefined {
    const heardSince = now().getTime() - heardForMs
    for (let first = inTime[0]; first && first.since.getTime() < heardSince; first = inTime[0]) {
      inTime.shift()
      late.push(first)
    }
    const [first] = inTime
    if (!first) return late.shift()
    const before = late.findIndex(({ who }) => who === first.who)
    return before < 0 ? inTime.shift() : late.splice(before, 1)[0]
  }

  return {
    /** @param who whose deeds keep their order */
    async through<T>(who: string, work: () => Promise<T>): Promise<T> {
      if (inside < atOnce) inside++
      else await new Promise<void>((begin) => inTime.push({ who, since: now(), begin }))
      try {
        return await work()
      } finally {
        // The place goes from hand to hand: nobody who comes meanwhile slips in.
        const following = next()
        if (following) following.begin()
        else inside--
      }
    },
  }
}

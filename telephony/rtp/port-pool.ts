/**
 * Which UDP ports calls may use. Even ones of a range (the odd one above each is left to RTCP), or any the kernel gives.
 *
 * A port that comes back goes to the end of the line: packets of the call before it have the longest time to die out.
 * A port is with one taker or in the line, never in both, never in neither.
 */
export type PortRange = { from: number; to: number }
export type PortPool = ReturnType<typeof portPool>

/** Between the kernel's choice and our bind somebody else may be quicker. */
const kernelTries = 20

/** @param range both ends count; without one, every port is 0: the kernel chooses. */
export function portPool(range?: PortRange) {
  const line = range ? evenPorts(range) : []
  const size = line.length
  const taken = new Set<number>()

  return {
    /** How many takes can be tried before the same port comes again. */
    size: range ? size : kernelTries,

    /** @returns undefined when every port is in use. */
    take(): number | undefined {
      if (!range) return 0
      const port = line.shift()
      if (port !== undefined) taken.add(port)
      return port
    },

    giveBack(port: number): void {
      if (taken.delete(port)) line.push(port)
    },

    taken: () => taken.size,
  }
}

function evenPorts({ from, to }: PortRange): number[] {
  const first = from + (from % 2)
  return Array.from({ length: Math.max(0, Math.floor((to - first) / 2) + 1) }, (_, i) => first + 2 * i)
}

/** What was found broken. The same thing found again at the next step is one violation; the first few are told at once. */
const toldAtMost = 20

export type Faults = ReturnType<typeof faultList>

export function faultList() {
  const found = new Map<string, string>()
  return {
    add(what: string, id: string, detail = ''): void {
      const key = `${what} ${id}`
      if (found.has(key)) return
      found.set(key, detail)
      if (found.size <= toldAtMost) process.stderr.write(`violation: ${what}: ${id} ${detail}\n`)
    },
    count: () => found.size,
  }
}

/**
 * Open-loop load: each of N clients sends at its own fixed times, whether or not the last one was answered, so a slow
 * server shows as waiting and not as fewer messages.
 */
export type Load = { clients: number; everyMs: number; forMs: number }

/** Calls `send(client, round)` at its time; the clients' phases are spread over one period. @returns when all settled. */
export async function openLoop(
  { clients, everyMs, forMs }: Load,
  send: (client: number, round: number) => Promise<void>,
): Promise<number> {
  const begin = performance.now()
  const rounds = Math.floor(forMs / everyMs)
  const sending: Promise<void>[] = []
  for (let slot = 0; slot < rounds * clients; slot++) {
    const dueMs = begin + slot * (everyMs / clients)
    const waitMs = dueMs - performance.now()
    if (waitMs > 1) await new Promise((resolve) => setTimeout(resolve, waitMs))
    sending.push(send(slot % clients, Math.floor(slot / clients)))
  }
  await Promise.all(sending)
  return sending.length
}

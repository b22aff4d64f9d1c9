/** What somebody who waits is told: the place in the queue, and about how long it will take. */
export type Place = { conversationId: string; place: number; waitSeconds: number }

/**
 * @param waiting conversation ids, first to be served first.
 * @param online agents who take conversations; with none the guess is made as for one.
 * @param averageSeconds what handling one conversation took lately.
 */
export function places(waiting: readonly string[], online: number, averageSeconds: number): Place[] {
  const hands = Math.max(1, online)
  return waiting.map((conversationId, ahead) => ({
    conversationId,
    place: ahead + 1,
    waitSeconds: Math.ceil(((ahead + 1) * Math.max(0, averageSeconds)) / hands),
  }))
}

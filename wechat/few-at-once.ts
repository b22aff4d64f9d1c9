/** Each holds a connection to the database while it is worked on, and the other channels need some too. */
const atOnce = 8

/**
 * Works on all of them, a few at once; one that fails keeps none of the others waiting.
 * @throws AggregateError in the end, of whatever failed
 */
export async function fewAtOnce<T>(all: readonly T[], work: (one: T) => Promise<unknown>): Promise<void> {
  const next = all.values()
  const errors: unknown[] = []
  await Promise.all(
    Array.from({ length: atOnce }, async () => {
      for (const one of next) await work(one).catch((error: unknown) => errors.push(error))
    }),
  )
  if (errors.length > 0) throw new AggregateError(errors, `${errors.length} of ${all.length} failed`)
}

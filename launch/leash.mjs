// @ts-check
/**
 * Loaded into every Node program that the launcher starts, before the program itself. When the channel closes, the
 * launcher is gone: a program that is still starting ends at once, one that listens for it gets the time to drain.
 */
const drainLimitMs = 15_000

process.once('disconnect', () => {
  if (process.listenerCount('disconnect') === 0) process.exit(1)
  setTimeout(() => process.exit(1), drainLimitMs).unref()
})

/** How long anything else would have had to wait at worst, from now on; ends when it is asked. Milliseconds. */
export function longestWait(): () => number {
  let worst = 0
  let last = performance.now()
  const look = () => {
    const now = performance.now()
    worst = Math.max(worst, now - last)
    last = now
  }
  const timer = setInterval(look, 1)
  return () => {
    clearInterval(timer)
    look()
    return Math.round(worst)
  }
}

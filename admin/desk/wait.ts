/** How long somebody has waited, in the words of the queue. Counted by the desk's own clock, so never negative. */
const secondsToWorry = 180

export function waitedSeconds(since: string, now: number): number {
  return Math.max(0, Math.floor((now - Date.parse(since)) / 1_000))
}

export function waitWords(seconds: number): string {
  const minutes = Math.floor(seconds / 60)
  const hours = Math.floor(minutes / 60)
  if (hours > 0) return `${hours} 小时 ${minutes % 60} 分`
  if (minutes > 0) return `${minutes} 分 ${String(seconds % 60).padStart(2, '0')} 秒`
  return `${seconds} 秒`
}

/** An answer by other media is due within 3 minutes. */
export const isLong = (seconds: number) => seconds >= secondsToWorry

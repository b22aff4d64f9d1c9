/** How long somebody waits: about how long it will take, in words, and from when on it is late. */

/** In minutes: a range that is measured, or nothing where nothing is known. */
export type WaitRange = { from: number; to: number }

const longest = 60

/** "约 5 分钟", "约 5 到 10 分钟"; empty where nothing is known. */
export function waitRangeWords(range: WaitRange | undefined): string {
  if (!range) return ''
  const { from, to } = range
  if (to <= 1) return '很快就到您'
  if (from >= longest) return '可能要等一个小时以上'
  return from === to ? `大约还要等 ${to} 分钟` : `大约还要等 ${Math.max(1, from)} 到 ${to} 分钟`
}

/** Whoever asked for a person and got no answer: from when on it is getting late, and from when on it is too late. */
export type LateLimits = { amberSeconds: number; redSeconds: number }
export const latenesses = ['amber', 'red'] as const
export type Lateness = (typeof latenesses)[number]

export function latenessOf(waitedSeconds: number, { amberSeconds, redSeconds }: LateLimits): Lateness | undefined {
  if (waitedSeconds >= redSeconds) return 'red'
  return waitedSeconds >= amberSeconds ? 'amber' : undefined
}

/**
 * A topic that is suddenly asked about: so often in the last hour that its own past does not explain it. The past is
 * the same hour of the day over four weeks; a topic that was never asked about needs the least number alone.
 */
export const pastDays = 28
export const burstLeast = 5
/** Three standard deviations of a Poisson count, the root of its mean, and never less than three times the mean. */
const deviations = 3
const times = 3

export type Asked = { lately: number; before: number }

export function isBurst({ lately, before }: Asked): boolean {
  const mean = before / pastDays
  return lately >= burstLeast && lately >= times * mean && lately > mean + deviations * Math.sqrt(mean)
}

/**
 * When somebody would like to be called back, out of what people say: "尽快", "明天下午", "后天上午十点半", "下午3点".
 * Pure; days and hours are the bureau's (Asia/Shanghai, which has no summer time, so its offset is fixed).
 */
const zoneOffset = '+08:00'
const zoneOffsetMs = 8 * 3_600_000
const dayMs = 86_400_000

const dayWords: [RegExp, number][] = [
  [/大后天/, 3],
  [/后天/, 2],
  [/明[天日早晚]?|明儿/, 1],
  [/今[天日晚]?|今儿/, 0],
]
const numerals = '零一二三四五六七八九十'

export type WantedTime = { kind: 'soon' } | { kind: 'at'; at: string }

/** @returns undefined when no time can be read, or the one read is past or more than 30 days ahead. */
export function wantedTime(said: string, now: Date): WantedTime | undefined {
  const text = said.normalize('NFKC').replace(/\s+/g, '')
  if (/尽快|马上|越快越好|随时|都可以|都行|现在/.test(text)) return { kind: 'soon' }

  const dayAhead = dayWords.find(([word]) => word.test(text))?.[1]
  const isMorning = /上午|早上|早晨/.test(text)
  const isAfternoon = /下午|傍晚|晚上/.test(text)
  const clock = /([零一二三四五六七八九十两\d]{1,3})[点时:](半|一刻|三刻|[零一二三四五六七八九十\d]{1,3})?分?/.exec(
    text,
  )
  if (dayAhead === undefined && !isMorning && !isAfternoon && !clock) return undefined

  let hour = clock ? numberOf(clock[1] ?? '') : isAfternoon ? 15 : 10
  const minute = clock ? minuteOf(clock[2]) : 0
  if (hour === undefined || minute === undefined) return undefined
  if ((isAfternoon || (!isMorning && hour < 8)) && hour < 12) hour += 12
  if (hour > 23 || minute > 59) return undefined

  const today = new Date(now.getTime() + zoneOffsetMs + (dayAhead ?? 0) * dayMs).toISOString().slice(0, 10)
  const at = new Date(`${today}T${String(hour).padStart(2, '0')}:${String(minute).padStart(2, '0')}:00${zoneOffset}`)
  if (at <= now || at.getTime() - now.getTime() > 30 * dayMs) return undefined
  return { kind: 'at', at: at.toISOString() }
}

function minuteOf(said: string | undefined): number | undefined {
  if (!said) return 0
  if (said === '半') return 30
  if (said === '一刻') return 15
  if (said === '三刻') return 45
  return numberOf(said)
}

/** 0-99 in digits or Chinese numerals. */
function numberOf(said: string): number | undefined {
  if (/^\d{1,2}$/.test(said)) return Number(said)
  const digits = said.replace('两', '二')
  const [tens, ones] = digits.includes('十') ? digits.split('十') : ['', digits]
  const read = (digit: string | undefined, absent: number) => (digit ? numerals.indexOf(digit) : absent)
  const value = digits.includes('十') ? read(tens, 1) * 10 + read(ones, 0) : read(ones, 0)
  return value >= 0 ? value : undefined
}

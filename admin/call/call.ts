/**
 * A call as its agent sees it, and what may happen to it. Pure: the state and what happened give the new state; what
 * does not fit the state changes nothing.
 */
import type { PathStats, Way } from './audio-path.ts'

/** Why there is no voice; then the agent writes, and the words are read to the caller. */
export const whysOff = ['insecure', 'denied', 'no-device', 'in-use', 'unplugged', 'failed'] as const
export type WhyOff = (typeof whysOff)[number]
/** Nothing of ours gets out; nothing is heard of the caller; too much is lost on the way. */
export type Trouble = 'blocked' | 'unheard' | 'unsteady'

export type Call =
  | { kind: 'untaken' }
  | { kind: 'opening' }
  | { kind: 'talking'; since: number; isMuted: boolean; isHeld: boolean; way: Way; trouble?: Trouble }
  /** Taken up in another window of the same agent. */
  | { kind: 'elsewhere' }
  | { kind: 'off'; why: WhyOff }
  | { kind: 'ended'; by: 'citizen' | 'agent' }

export type Happening =
  | { kind: 'take-up' }
  | { kind: 'opened'; at: number }
  | { kind: 'microphone-off'; why: WhyOff }
  | { kind: 'put-down' }
  | { kind: 'taken-elsewhere' }
  | { kind: 'way'; way: Way }
  | { kind: 'mute'; on: boolean }
  | { kind: 'hold'; on: boolean }
  | { kind: 'quality'; trouble?: Trouble }
  | { kind: 'over'; by: 'citizen' | 'agent' }
  /** Whoever speaks has called again. */
  | { kind: 'citizen-spoke' }

export const untaken: Call = { kind: 'untaken' }

export function after(call: Call, what: Happening): Call {
  switch (what.kind) {
    case 'take-up':
      return canTakeUp(call) ? { kind: 'opening' } : call
    case 'opened':
      return call.kind === 'opening'
        ? { kind: 'talking', since: what.at, isMuted: false, isHeld: false, way: 'server' }
        : call
    case 'microphone-off':
      return isLive(call) ? { kind: 'off', why: what.why } : call
    case 'put-down':
      return isLive(call) ? untaken : call
    case 'taken-elsewhere':
      return isLive(call) ? { kind: 'elsewhere' } : call
    case 'way':
      return call.kind === 'talking' ? { ...call, way: what.way } : call
    case 'mute':
      return call.kind === 'talking' ? { ...call, isMuted: what.on } : call
    case 'hold':
      return call.kind === 'talking' ? { ...call, isHeld: what.on, trouble: undefined } : call
    case 'quality':
      return call.kind === 'talking' && !call.isHeld ? { ...call, trouble: what.trouble } : call
    case 'over':
      return call.kind === 'ended' ? call : { kind: 'ended', by: what.by }
    case 'citizen-spoke':
      return call.kind === 'ended' ? untaken : call
  }
}

export const canTakeUp = ({ kind }: Call) => kind === 'untaken' || kind === 'off' || kind === 'elsewhere'

/** The microphone is on, or about to be. */
export const isLive = (call: Call) => call.kind === 'opening' || call.kind === 'talking'

const mostLost = 0.1
const mostRanDry = 3

/** What a stretch of a few seconds says of the way between console and caller. */
export function troubleBetween(before: PathStats, now: PathStats): Trouble | undefined {
  const [sent, dropped] = [now.sent - before.sent, now.dropped - before.dropped]
  if (sent === 0 && dropped > 0) return 'blocked'
  if (now.received === before.received) return 'unheard'
  if (dropped > mostLost * (sent + dropped) || now.ranDry - before.ranDry >= mostRanDry) return 'unsteady'
  return undefined
}

const whyByName = new Map<string, WhyOff>([
  ['NotAllowedError', 'denied'],
  ['SecurityError', 'denied'],
  ['NotFoundError', 'no-device'],
  ['OverconstrainedError', 'no-device'],
  ['NotReadableError', 'in-use'],
])
/** @param name of what getUserMedia threw. */
export const whyOff = (name: string): WhyOff => whyByName.get(name) ?? 'failed'

const floorDecibels = -50
/** How far a meter goes, 0-100. @param loudness in [0, 1]; -50 dB and below is nothing. */
export function levelOf(loudness: number): number {
  const decibels = 20 * Math.log10(Math.max(loudness, 1e-9))
  return Math.round(Math.min(100, Math.max(0, (1 - decibels / floorDecibels) * 100)))
}

export function talkedWords(seconds: number): string {
  const two = (count: number) => String(count).padStart(2, '0')
  const whole = Math.max(0, Math.floor(seconds))
  const hours = Math.floor(whole / 3_600)
  return [...(hours > 0 ? [String(hours)] : []), two(Math.floor(whole / 60) % 60), two(whole % 60)].join(':')
}

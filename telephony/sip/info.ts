/** INFO bodies: keys the way older gateways send them (application/dtmf-relay, application/dtmf). */
import { headerOf, type Request } from './message.ts'
import { mediaType } from './gate.ts'

export type Info = { key?: string; durationMs?: number; contentType: string; body: string }

const named: Readonly<Record<string, string>> = { '10': '*', '11': '#', '12': 'A', '13': 'B', '14': 'C', '15': 'D' }

export function readInfo(request: Request): Info {
  const contentType = mediaType(headerOf(request, 'content-type') ?? '')
  const body = request.body.toString('utf8').slice(0, 2_048)
  if (contentType === 'application/dtmf') return { ...keyIn(body), contentType, body }
  if (contentType !== 'application/dtmf-relay') return { contentType, body }
  const field = (name: string) => {
    const line = body.split(/\r\n|\n/).find((one) => one.trim().toLowerCase().startsWith(name))
    return (line?.split('=')[1] ?? '').trim()
  }
  const duration = Number(field('duration'))
  const durationMs = duration > 0 && duration <= 10_000 ? duration : undefined
  return { ...keyIn(field('signal')), durationMs, contentType, body }
}

function keyIn(text: string): { key?: string } {
  const said = text.trim().toUpperCase()
  const key = named[said] ?? said
  return /^[0-9A-D*#]$/.test(key) ? { key } : {}
}

export function keyBody(key: string, durationMs: number): string {
  return `Signal=${key}\r\nDuration=${durationMs}\r\n`
}

/** Which pages may talk to us from a browser: our own. A request without an Origin comes from no page. */
import type { IncomingMessage } from 'node:http'

export type OriginCheck = (req: Pick<IncomingMessage, 'headers'>) => boolean

export function originCheck(settings: { PUBLIC_URL?: string }): OriginCheck {
  const ours = settings.PUBLIC_URL && new URL(settings.PUBLIC_URL).origin
  return ({ headers }) => {
    const { origin, host } = headers
    if (!origin) return true
    if (ours && origin === ours) return true
    try {
      return new URL(origin).host === host
    } catch {
      return false
    }
  }
}

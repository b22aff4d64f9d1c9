/** The widget's pass: who this visitor is, until when, and our mark on it. Nothing about it is stored. */
import { createHmac, randomUUID, timingSafeEqual } from 'node:crypto'

const validMs = 180 * 24 * 3_600_000

export type VisitorTokens = ReturnType<typeof visitorTokens>

export function visitorTokens(secret: Buffer) {
  const mark = (text: string) => createHmac('sha256', secret).update(text).digest('base64url')
  return {
    issue(now: Date): { token: string; visitorId: string } {
      const visitorId = randomUUID()
      const told = `${visitorId}.${(now.getTime() + validMs).toString(36)}`
      return { token: `${told}.${mark(told)}`, visitorId }
    },

    /** @returns the visitor's id; undefined for a token that is not ours, changed or past its time. */
    read(token: string, now: Date): string | undefined {
      const [visitorId = '', until = '', given = '', ...more] = token.split('.')
      const expected = Buffer.from(mark(`${visitorId}.${until}`))
      const shown = Buffer.from(given)
      if (more.length > 0 || shown.length !== expected.length || !timingSafeEqual(shown, expected)) return undefined
      return parseInt(until, 36) > now.getTime() ? visitorId : undefined
    },
  }
}

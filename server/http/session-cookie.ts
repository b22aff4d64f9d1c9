/** The cookie that holds a session: readable by no script, sent to no other site. */
import type { Request, Response } from 'express'

export function sessionCookie(isHttps: boolean) {
  // The __Host- prefix makes browsers refuse the cookie from anywhere but this host over HTTPS.
  const name = isHttps ? '__Host-budayang' : 'budayang'
  const attributes = { httpOnly: true, secure: isHttps, sameSite: 'lax', path: '/' } as const
  return {
    set: (res: Response, token: string) => void res.cookie(name, token, attributes),
    clear: (res: Response) => void res.clearCookie(name, attributes),
    read: (req: Pick<Request, 'headers'>): string | undefined => cookieIn(req.headers.cookie, name),
  }
}

export type SessionCookie = ReturnType<typeof sessionCookie>

export function cookieIn(header: string | undefined, name: string): string | undefined {
  for (const part of (header ?? '').split(';')) {
    const [key, value] = part.split('=', 2)
    if (key?.trim() === name) return value?.trim()
  }
  return undefined
}

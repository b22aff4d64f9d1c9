/** A signed-in member of staff over plain HTTP: cookie and CSRF token kept as a browser would. */
export type Answer = { status: number; body: Record<string, unknown> }

export type HttpClient = Awaited<ReturnType<typeof signedIn>>

export async function ask(
  url: string,
  method: string,
  path: string,
  body?: unknown,
  headers: Record<string, string> = {},
): Promise<Answer> {
  const response = await fetch(`${url}${path}`, {
    method,
    headers: { ...(body !== undefined && { 'content-type': 'application/json' }), ...headers },
    ...(body !== undefined && { body: JSON.stringify(body) }),
  })
  const text = await response.text()
  const parsed: unknown = text.startsWith('{') ? JSON.parse(text) : { text }
  return { status: response.status, body: parsed as Record<string, unknown> }
}

export async function signedIn(url: string, who: { name: string; password: string }) {
  const response = await fetch(`${url}/api/session`, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify({ name: who.name, password: who.password }),
  })
  if (response.status !== 200) throw new Error(`sign-in of ${who.name}: ${response.status} ${await response.text()}`)
  const { csrf } = (await response.json()) as { csrf: string }
  const cookie = response.headers.getSetCookie()[0]?.split(';')[0] ?? ''
  const headers = { cookie, 'x-csrf-token': csrf }
  return {
    cookie,
    csrf,
    send: (method: string, path: string, body?: unknown) => ask(url, method, path, body, headers),
    get: (path: string) => ask(url, 'GET', path, undefined, headers),
    post: (path: string, body: unknown = {}) => ask(url, 'POST', path, body, headers),
    delete: (path: string) => ask(url, 'DELETE', path, undefined, headers),
  }
}

/** Whoever was made opens the link that they were given. @param made what the staff door answered. */
export async function setUp(url: string, made: Answer['body'], password: string): Promise<Answer> {
  const { token } = made['link'] as { token: string }
  return ask(url, 'POST', '/api/setup', { token, password })
}

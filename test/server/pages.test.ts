/** The pages and their headers, and nothing else of this machine. dist/ is as the build left it. */
import { readdirSync, readFileSync } from 'node:fs'
import { request } from 'node:http'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { aHotline, root, type TestHotline } from '../support/hotline.ts'
import { ask } from '../support/http-client.ts'

let hotline: TestHotline
beforeAll(async () => {
  hotline = await aHotline({ env: { EMBED_ORIGINS: 'https://www.example.gov.cn' } })
})
afterAll(() => hotline.close())

const pages = [
  ['/', 'text/html'],
  ['/topics', 'text/html'],
  ['/widget/loader.js', 'text/javascript'],
  ['/widget/panel.html', 'text/html'],
  ['/console', 'text/html'],
  ['/console/', 'text/html'],
  ['/console/desk', 'text/html'],
  ['/console/cases/7b1d6c1e-2f5a-4c6e-9d3b-0a1b2c3d4e5f', 'text/html'],
  ['/console/set-up?token=x', 'text/html'],
] as const

describe.each(pages)('%s', (path, type) => {
  it('is served, under headers that keep strangers out', async () => {
    const response = await fetch(hotline.url + path)
    expect(response.status).toBe(200)
    expect(response.headers.get('content-type')).toContain(type)
    expect(policyOf(response)).toEqual({
      'default-src': "'self'",
      'script-src': "'self'",
      'style-src': "'self' 'unsafe-inline'",
      'img-src': "'self' data:",
      'media-src': "'self' blob:",
      'font-src': "'self' data:",
      'connect-src': "'self'",
      'object-src': "'none'",
      'base-uri': "'none'",
      'form-action': "'self'",
      'frame-ancestors': path.startsWith('/widget/') ? "'self' https://www.example.gov.cn" : "'none'",
    })
    expect(Object.fromEntries(response.headers)).toMatchObject({
      'cross-origin-resource-policy': 'cross-origin',
      'cross-origin-opener-policy': 'same-origin',
      'x-content-type-options': 'nosniff',
      'referrer-policy': 'no-referrer',
    })
    expect(response.headers.has('x-powered-by')).toBe(false)
    expect(response.headers.has('strict-transport-security')).toBe(false)
  })
})

describe.each(pages.filter(([, type]) => type === 'text/html'))('%s', (path) => {
  it('holds no script of its own that the policy would stop', async () => {
    const html = await (await fetch(hotline.url + path)).text()
    expect(html).toMatch(/^<!doctype html>/i)
    expect(html).not.toMatch(/<script(?![^>]*\ssrc=)/i)
    expect(html).not.toMatch(/\son\w+=|javascript:/i)
    expect(html).not.toMatch(/(src|href)="(https?:)?\/\//i)
  })
})

function policyOf(response: Response): Record<string, string> {
  const directives = (response.headers.get('content-security-policy') ?? '').split(';')
  return Object.fromEntries(directives.map((one) => [one.split(' ', 1)[0] ?? '', one.slice(one.indexOf(' ') + 1)]))
}

describe('caching', () => {
  it('keeps for a year what carries its content in its name, and asks again for every page', async () => {
    const [asset] = readdirSync(join(root, 'dist/console/assets')).filter((name) => name.endsWith('.js'))
    const kept = await fetch(`${hotline.url}/console/assets/${asset}`)
    expect(kept.headers.get('cache-control')).toBe('public, max-age=31536000, immutable')
    for (const [path] of pages)
      expect((await fetch(hotline.url + path)).headers.get('cache-control')).toBe('public, max-age=0')
  })
})

/** An address as it is: fetch would tidy it up first. */
function rawGet(path: string): Promise<{ status: number; text: string }> {
  return new Promise((resolve, reject) => {
    const sent = request({ port: hotline.port, path }, (response) => {
      let text = ''
      response.setEncoding('utf8')
      response.on('data', (part: string) => (text += part))
      response.on('end', () => resolve({ status: response.statusCode ?? 0, text }))
    })
    sent.on('error', reject)
    sent.end()
  })
}

describe('a file that is not for the world', () => {
  it.each([
    '/widget/..%2f..%2fpackage.json',
    '/widget/../../package.json',
    '/widget/%2e%2e/%2e%2e/package.json',
    '/widget/..%5c..%5cpackage.json',
    '/widget/..%252f..%252fpackage.json',
    '/widget/%2e%2e%2fserver.js',
    '/widget/../server.js',
    '/widget//etc/passwd',
    '/widget/%2fetc%2fpasswd',
    '/widget/loader.js%00.html',
    '/widget/%00',
    '/widget/.env',
    '/widget/.git/config',
    '/widget/',
    '/widget',
    '/console/..%2fserver.js',
    '/console/..%2f..%2fpackage.json',
    '/console/assets/..%2f..%2f..%2fpackage.json',
    '/console/../server.js',
    '/console/%2e%2e/%2e%2e/.env.example',
    '/console/assets/no-such.js',
    '/consoles',
    '/server.js',
    '/dist/server.js',
    '/package.json',
    '/.env',
    '/.git/config',
    '//package.json',
    '/../package.json',
    '/data/keys/ring.json',
    '/socket.io/socket.io.js',
  ])('is not found: %s', async (path) => {
    const { status, text } = await rawGet(path)
    expect([400, 404]).toContain(status)
    expect(text).not.toMatch(/budayang|root:|dependencies|import /)
  })

  it('is not reached through the console’s own addresses, whatever they are', async () => {
    const index = readFileSync(join(root, 'dist/console/index.html'), 'utf8')
    for (const path of ['/console/..', '/console/..%2f..%2f', '/console/%2e%2e%2f%2e%2e%2fLICENSE'])
      expect(await rawGet(path)).toEqual({ status: 200, text: index })
  })
})

it('answers an unknown door in our terms', async () => {
  for (const [method, path] of [
    ['GET', '/api/no-such'],
    ['POST', '/api/no-such'],
    ['GET', '/api'],
    ['DELETE', '/api/staff'],
    ['POST', '/'],
  ] as const) {
    const answer = await ask(hotline.url, method, path, method === 'GET' ? undefined : {})
    expect(answer).toEqual({ status: 404, body: { code: 'not_found', message: '没有找到' } })
  }
})

describe('for whoever watches', () => {
  it('tells that it lives and that it can serve', async () => {
    expect(await ask(hotline.url, 'GET', '/healthz')).toEqual({ status: 200, body: { ok: true } })
    expect(await ask(hotline.url, 'GET', '/readyz')).toEqual({
      status: 200,
      body: { ready: true, database: 'up', search: 'up', phone: 'off' },
    })
  })

  it('counts, for this machine', async () => {
    const response = await fetch(`${hotline.url}/metrics`)
    expect(response.headers.get('content-type')).toContain('text/plain')
    expect(await response.text()).toMatch(/^budayang_visitors_connected 0$/m)
  })

  it('does not count for whom a proxy on this machine lets through', async () => {
    for (const address of ['203.0.113.7', '127.0.0.1'])
      expect(await ask(hotline.url, 'GET', '/metrics', undefined, { 'x-forwarded-for': address })).toMatchObject({
        status: 403,
        body: { code: 'not_allowed' },
      })
  })
})

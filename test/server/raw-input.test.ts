/** What no client of ours would send: broken, huge, deep, packed, mislabelled. Refused by name, and nobody else notices. */
import { existsSync, readFileSync } from 'node:fs'
import { request } from 'node:http'
import { join } from 'node:path'
import { gzipSync } from 'node:zlib'
import { io, type Socket } from 'socket.io-client'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { aHotline, root, type TestHotline } from '../support/hotline.ts'
import { ask } from '../support/http-client.ts'
import { rowCounts } from '../support/row-counts.ts'
import { aPass, aVisitor, until } from '../support/socket-clients.ts'

const data = join(root, '..', 'shared', 'data')
const bomb = join(data, 'uploads', 'gzip-body-100MiB.json.gz')
const naughty = join(data, 'naughty')

let hotline: TestHotline
let before: Record<string, number>
beforeAll(async () => {
  hotline = await aHotline()
  before = await rowCounts(hotline.database.pool)
})
afterAll(() => hotline.close())

/** The bytes as they are: fetch would put a body right, or refuse to send it. */
function send(path: string, body: Buffer | string, headers: Record<string, string> = {}, method = 'POST') {
  return new Promise<{ status: number; body: unknown }>((resolve, reject) => {
    const sent = request(
      { port: hotline.port, path, method, headers: { 'content-type': 'application/json', ...headers } },
      (response) => {
        let text = ''
        response.setEncoding('utf8')
        response.on('data', (part: string) => (text += part))
        response.on('end', () =>
          resolve({ status: response.statusCode ?? 0, body: JSON.parse(text || '{}') as unknown }),
        )
      },
    )
    sent.on('error', reject)
    sent.end(body)
  })
}

const refusedBody = { status: 400, body: { code: 'invalid_input', fields: [{ path: '' }] } }
const isAlive = async () => expect((await ask(hotline.url, 'GET', '/readyz')).body).toMatchObject({ ready: true })

describe('a body', () => {
  it.each(['{"question":', '{question:1}', '\u0000', '{"question":"x"}{', 'question=x', "{'question':'x'}"])(
    'that is no JSON is refused: %j',
    async (body) => {
      expect(await send('/api/ask', body)).toMatchObject(refusedBody)
    },
  )

  it.each(['[]', '[{"question":"x"}]', '"question"', '7', 'null', 'true'])(
    'that is no object is refused: %s',
    async (body) => {
      expect(await send('/api/ask', body)).toMatchObject(refusedBody)
    },
  )

  it('of a megabyte is too large', async () => {
    const body = JSON.stringify({ question: 'x'.repeat(1_048_576) })
    expect(await send('/api/ask', body)).toMatchObject({
      status: 413,
      body: { code: 'too_large', message: '内容太大' },
    })
  })

  it.each([
    ['', '{"question":"x"}'],
    ['text/plain', '{"question":"x"}'],
    ['application/x-www-form-urlencoded', 'question=x'],
    ['multipart/form-data; boundary=x', '--x\r\ncontent-disposition: form-data; name="question"\r\n\r\nx\r\n--x--'],
    ['application/json; charset=gbk', '{"question":"x"}'],
    ['application/jsonp', '{"question":"x"}'],
  ])('labelled %j is refused', async (type, body) => {
    expect(await send('/api/ask', body, { 'content-type': type })).toMatchObject(refusedBody)
  })

  it.each([
    ['lists', '['.repeat(10_000) + ']'.repeat(10_000)],
    ['objects', '{"a":'.repeat(10_000) + '1' + '}'.repeat(10_000)],
  ])('of ten thousand %s in each other is refused', async (_what, deep) => {
    expect(await send('/api/ask', deep)).toMatchObject({ status: 400, body: { code: 'invalid_input' } })
    expect(await send('/api/ask', `{"question":${deep}}`)).toMatchObject({
      status: 400,
      body: { code: 'invalid_input', fields: [{ path: 'question' }] },
    })
    expect(await send('/api/ask', `{"question":"x","more":${deep}}`)).toMatchObject({
      status: 400,
      body: { code: 'invalid_input', fields: [{ path: 'more' }] },
    })
  })

  it('of ten thousand unknown fields is refused', async () => {
    const many = Object.fromEntries(Array.from({ length: 10_000 }, (_, i) => [`f${i}`, 1]))
    expect(await send('/api/ask', JSON.stringify({ question: 'x', ...many }))).toMatchObject({ status: 400 })
  })

  it('that unpacks to more than it may be is too large', async () => {
    const packed = gzipSync(JSON.stringify({ question: 'x'.repeat(1_048_576) }))
    expect(await send('/api/ask', packed, { 'content-encoding': 'gzip' })).toMatchObject({ status: 413 })
  })

  it.skipIf(!existsSync(bomb))('of 100 MiB in 100 kB of gzip is too large, at once', async () => {
    const began = process.cpuUsage()
    expect(await send('/api/ask', readFileSync(bomb), { 'content-encoding': 'gzip' })).toMatchObject({ status: 413 })
    expect(process.cpuUsage(began).user).toBeLessThan(500_000) // µs; all of it would be half a minute of parsing
  })

  it('packed soundly is read', async () => {
    const packed = gzipSync(JSON.stringify({ question: '新生儿怎么参保' }))
    expect(await send('/api/ask', packed, { 'content-encoding': 'gzip' })).toMatchObject({ status: 200 })
  })

  it.each(['gzip', 'deflate', 'br', 'zstd', 'no-such'])(
    'that is not what content-encoding %s says is refused',
    async (coding) => {
      expect(await send('/api/ask', '{"question":"x"}', { 'content-encoding': coding })).toMatchObject(refusedBody)
    },
  )

  it('that is never finished hurts nobody', async () => {
    const headers = { 'content-type': 'application/json', 'content-length': '100' }
    await new Promise<void>((resolve, reject) => {
      const sent = request({ port: hotline.port, path: '/api/ask', method: 'POST', headers })
      sent.on('error', () => resolve())
      sent.on('response', () => reject(new Error('answered a body that never came')))
      sent.write('{"question":')
      setTimeout(() => sent.destroy(), 50)
    })
    await isAlive()
  })

  it.skipIf(!existsSync(naughty)).each(['invalid-utf8.bin', 'gb18030-4byte.bin', 'gbk-as-utf8.bin'])(
    'in the wrong bytes never breaks anything: %s',
    async (file) => {
      const bytes = readFileSync(join(naughty, file)).subarray(0, 300)
      const body = Buffer.concat([Buffer.from('{"question":"'), bytes, Buffer.from('"}')])
      expect([200, 400]).toContain((await send('/api/ask', body)).status)
    },
  )
})

describe('an address', () => {
  it.each(['/api/entries/%E0%A4%A', '/api/entries/%', '/widget/%ff', '/console/%c0%ae', '/api/cases/%'])(
    'in a broken encoding is refused: %s',
    async (path) => {
      const { status, body } = await send(path, '', {}, 'GET')
      expect(status).toBe(400)
      expect(body).toMatchObject({ code: 'invalid_input', fields: [{ path: '', message: '地址里有无法识别的编码' }] })
    },
  )

  it.each(['PUT', 'PATCH', 'OPTIONS', 'PROPFIND', 'TRACE'])('asked by %s is no door', async (method) => {
    for (const path of ['/api/ask', '/api/session', '/', '/api/cases'])
      expect(await send(path, '', {}, method)).toMatchObject({ status: 404, body: { code: 'not_found' } })
  })

  it('with a broken query is refused', async () => {
    for (const query of ['%', '%E0%A4%A=1', '&&=&', 'a'.repeat(4_000)])
      expect((await send(`/api/working-days/due?${query}`, '', {}, 'GET')).status).toBe(400)
  })
})

describe('on a socket', () => {
  const refusal = { ok: false, code: 'invalid_input', message: expect.stringMatching(/\p{Script=Han}/u) as string }

  it.each(['no:such', '', '__proto__', 'constructor', 'toString', 'turn:say ', 'error', 'message', 'TURN:SAY'])(
    'an event that nobody knows is refused: %j',
    async (event) => {
      const visitor = await aVisitor(hotline.url)
      expect(await visitor.socket.timeout(4_000).emitWithAck(event, {})).toMatchObject(refusal)
      visitor.close()
    },
  )

  it.each([[7], ['text'], [[1]], [true], [Buffer.from('bytes')]])(
    'an ask that is no object is refused: %j',
    async (asked) => {
      const visitor = await aVisitor(hotline.url)
      expect(await visitor.socket.timeout(4_000).emitWithAck('queue:leave', asked)).toMatchObject(refusal)
      expect(await visitor.socket.timeout(4_000).emitWithAck('turn:say', asked)).toMatchObject(refusal)
      visitor.close()
    },
  )

  it('bytes where words belong are refused', async () => {
    const visitor = await aVisitor(hotline.url)
    const asked = { clientId: 'client-id-1', text: Buffer.from('你好') }
    expect(await visitor.ask('turn:say', asked)).toMatchObject({ ...refusal, fields: [{ path: 'text' }] })
    visitor.close()
  })

  it('an ask without anything, without a way to answer it or with too much hurts nobody', async () => {
    const visitor = await aVisitor(hotline.url)
    for (const event of ['turn:say', 'turns:since', 'rating:give', 'no:such', 'error']) {
      visitor.socket.emit(event)
      visitor.socket.emit(event, null)
      visitor.socket.emit(event, { text: 7 }, 'no function')
      visitor.socket.emit(event, ...Array<object>(50).fill({}))
    }
    expect(await visitor.ask('turns:since', { seq: -1 })).toMatchObject({ ...refusal, fields: [{ path: 'seq' }] })
    visitor.close()
    await isAlive()
  })

  it('deep nesting is refused', async () => {
    const visitor = await aVisitor(hotline.url)
    let deep: object = {}
    for (let i = 0; i < 2_000; i++) deep = { deep }
    expect(await visitor.ask('turn:say', deep)).toMatchObject({ ...refusal, fields: [{}, {}, { path: 'deep' }] })
    visitor.close()
  })

  it('a frame of 70 kB ends that connection and no other', async () => {
    const [rude, other] = [await aVisitor(hotline.url), await aVisitor(hotline.url)]
    rude.socket.emit('turn:say', { clientId: 'client-id-1', text: '大'.repeat(25_000) })
    await until(() => rude.socket.disconnected, 'the end of that connection')
    expect(other.socket.connected).toBe(true)
    expect(await other.ask('turns:since', { seq: -1 })).toMatchObject({ ok: false, code: 'invalid_input' })
    other.close()
  })

  it('a pass is a text of ours, and what comes along is what it should be', async () => {
    const token = await aPass(hotline.url)
    const passes: object[] = [
      {},
      { token: 7 },
      { token: [token] },
      { token: { toString: token } },
      { token: '' },
      { token: 'x'.repeat(10_000) },
      { token: `${token}x` },
      { token, lastSeq: -1 },
      { token, lastSeq: 2 ** 40 },
      { token, lastSeq: '1' },
      { token, conversationId: "' or 1=1" },
    ]
    const heard = await Promise.all(passes.map((auth) => refusedAt('/visitor', auth)))
    expect(heard).toEqual(passes.map(() => 'not_signed_in'))
  })

  it('a namespace that nobody opened is none', async () => {
    for (const space of ['/nothing', '/admin', '/__proto__'])
      expect(await refusedAt(space, {})).toBe('Invalid namespace')
  })

  /** @returns why the connection was refused, or "connected". */
  function refusedAt(space: string, auth: object): Promise<string> {
    const socket: Socket = io(`${hotline.url}${space}`, {
      transports: ['websocket'],
      auth,
      reconnection: false,
      forceNew: true,
    })
    return new Promise<string>((resolve) => {
      socket.on('connect', () => resolve('connected'))
      socket.on('connect_error', (error) => resolve(error.message))
    }).finally(() => socket.disconnect())
  }
})

it('has changed no row of any table', async () => {
  expect(await rowCounts(hotline.database.pool)).toEqual(before)
  await isAlive()
})

/**
 * Files in a conversation, over HTTP against a running hotline: who may send what, what of a picture is kept, who may see
 * it, and for how long.
 */
import { randomUUID } from 'node:crypto'
import { crc32 } from 'node:zlib'
import sharp from 'sharp'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { passHeader, type Attachment } from '../../contract/attachment.ts'
import { retention } from '../../desk/retention.ts'
import { openKeyRing } from '../../server/key-ring.ts'
import { aHotline, type TestHotline } from '../support/hotline.ts'
import { ask, signedIn, type HttpClient } from '../support/http-client.ts'
import { anAgent, aPass, aVisitor, until, type Agent, type Visitor } from '../support/socket-clients.ts'

let hotline: TestHotline
let agent: Agent
let now = new Date('2026-11-23T02:00:00Z')
let photo: Buffer

beforeAll(async () => {
  hotline = await aHotline({ now: () => now, env: { QUEUE_MODE: 'claim' } })
  agent = await anAgent(hotline.url, await hotline.aMember('agent'))
  await agent.must('presence:set', { state: 'online' })
  photo = await aPhoto()
})
afterAll(async () => {
  agent.close()
  await hotline.close()
})

/** As a telephone takes it: held upright, and it says where. */
const aPhoto = () =>
  sharp({ create: { width: 1_600, height: 1_200, channels: 3, background: '#2a7f62' } })
    .jpeg()
    .withMetadata({ orientation: 6 })
    .withExifMerge({ IFD0: { Make: 'Budayang' }, IFD3: { GPSLatitudeRef: 'N', GPSLatitude: '33/1 57/1 0/1' } })
    .toBuffer()
const aPaper = Buffer.from('%PDF-1.7\n1 0 obj <</Type/Catalog>> endobj\ntrailer <</Root 1 0 R>>\n%%EOF')

type Talk = { visitor: Visitor; conversationId: string; end: () => Promise<void> }

/** A citizen and whoever talks with them, until it is over. */
async function aTalk(): Promise<Talk> {
  const visitor = await aVisitor(hotline.url)
  await visitor.must('turn:say', { clientId: randomUUID(), text: '转人工' })
  const conversationId = visitor.standing()?.conversationId ?? ''
  await agent.must('conversation:claim', { conversationId })
  const end = async () => {
    visitor.close()
    await agent.must('conversation:close', { conversationId, summary: '已答复' })
  }
  return { visitor, conversationId, end }
}

type Given = {
  name?: string
  clientId?: string
  more?: Record<string, string>
  to?: string
  headers?: Record<string, string>
}
async function send(file: Buffer, { name = '照片.jpg', clientId = randomUUID(), headers = {}, to, more = {} }: Given) {
  const query = new URLSearchParams({ clientId, name, ...more })
  const response = await fetch(`${hotline.url}${to ?? '/api/visitors/attachments'}?${query.toString()}`, {
    method: 'POST',
    headers: { 'content-type': 'application/octet-stream', ...headers },
    body: new Uint8Array(file),
  })
  const body = (await response.json()) as {
    seq: number
    attachment: Attachment
    message?: string
    fields?: { path: string; message: string }[]
  }
  return { status: response.status, body, told: body.fields?.[0]?.message }
}
const sendAs = (visitor: Visitor, file: Buffer, given: Given = {}) =>
  send(file, { ...given, headers: { [passHeader]: visitor.token } })

async function look(who: HttpClient, id: string, query = '') {
  const response = await fetch(`${hotline.url}/api/attachments/${id}${query}`, { headers: { cookie: who.cookie } })
  return { status: response.status, headers: response.headers, file: Buffer.from(await response.arrayBuffer()) }
}
async function count(sql: string): Promise<number> {
  return (await hotline.database.pool.query<{ n: number }>(`select count(*)::int n from ${sql}`)).rows[0]?.n ?? -1
}
const audited = (act: string, id: string) => count(`audit where act = '${act}' and subject = '${id}'`)

describe('a picture', () => {
  it('is sent to the person on the line, who sees it upright, small and whole, and where it was taken is gone', async () => {
    const { visitor, end } = await aTalk()
    const { status, body } = await sendAs(visitor, photo, { name: '身份证 正面.JPG' })
    expect(status).toBe(200)
    const turn = await until(() => agent.turns.find(({ seq, attachments }) => attachments && seq === body.seq), 'it')
    expect(turn).toMatchObject({
      speaker: 'customer',
      text: '[图片]',
      attachments: [{ kind: 'image', name: '身份证 正面.jpg', width: 1_200, height: 1_600, state: 'kept' }],
    })
    const { id } = body.attachment
    const whole = await look(agent.http, id)
    expect(whole.headers.get('content-type')).toBe('image/jpeg')
    expect(await sharp(whole.file).metadata()).toMatchObject({ format: 'jpeg', width: 1_200, height: 1_600 })
    for (const { file } of [whole, await look(agent.http, id, '?size=small')]) {
      const { exif, orientation } = await sharp(file).metadata()
      expect([exif, orientation]).toEqual([undefined, undefined])
      expect(file.toString('latin1')).not.toMatch(/Exif|GPS|Budayang/)
    }
    expect((await sharp((await look(agent.http, id, '?size=small')).file).metadata()).height).toBe(480)
    expect(await audited('attachment.open', id)).toBe(1)
    await end()
  })

  it('that comes twice is one', async () => {
    const { visitor, conversationId, end } = await aTalk()
    const clientId = randomUUID()
    const [first, second] = await Promise.all([1, 2].map(() => sendAs(visitor, photo, { clientId })))
    expect(first?.body).toEqual(second?.body)
    expect(await count(`attachment where conversation_id = '${conversationId}'`)).toBe(1)
    expect(await count(`turn where conversation_id = '${conversationId}' and client_id = '${clientId}'`)).toBe(1)
    await end()
  })

  it('lies sealed in the database', async () => {
    const { visitor, conversationId, end } = await aTalk()
    await sendAs(visitor, photo)
    await sendAs(visitor, aPaper, { name: '证明.pdf' })
    const { rows } = await hotline.database.pool.query<{ sealed: Buffer; small: Buffer | null }>(
      'select content_sealed as sealed, small_sealed as small from attachment where conversation_id = $1',
      [conversationId],
    )
    expect(rows).toHaveLength(2)
    for (const bytes of rows.flatMap(({ sealed, small }) => [sealed, ...(small ? [small] : [])]))
      expect(bytes.toString('latin1')).not.toMatch(/^\xff\xd8|JFIF|%PDF|Catalog/)
    await end()
  })
})

describe('a paper', () => {
  it('is saved, and never shown as a page', async () => {
    const { visitor, end } = await aTalk()
    const { body } = await sendAs(visitor, aPaper, { name: '出院"小结.pdf' })
    const { file, headers } = await look(agent.http, body.attachment.id)
    expect(file.equals(aPaper)).toBe(true)
    expect(headers.get('content-disposition')).toMatch(/^attachment; filename=/)
    expect(headers.get('x-content-type-options')).toBe('nosniff')
    expect(headers.get('content-security-policy')).toBe("default-src 'none'; sandbox")
    expect(headers.get('cache-control')).toBe('private, no-store')
    await end()
  })

  it('goes from the agent to the citizen, who saves it with their pass', async () => {
    const { visitor, conversationId, end } = await aTalk()
    const { cookie, csrf } = agent.http
    const to = `/api/conversations/${conversationId}/attachments`
    const given = { name: '申请表.pdf', to, headers: { cookie, 'x-csrf-token': csrf } }
    expect((await send(aPaper, given)).status).toBe(200)
    const turn = await until(() => visitor.turns.find(({ attachments }) => attachments), 'the form')
    expect(turn).toMatchObject({ speaker: 'agent', attachments: [{ kind: 'pdf', name: '申请表.pdf' }] })
    const path = `/api/visitors/attachments/${turn.attachments?.[0]?.id}`
    expect((await ask(hotline.url, 'POST', path, { token: visitor.token })).status).toBe(200)
    const stranger = await signedIn(hotline.url, await hotline.aMember('agent'))
    const foreign = await send(aPaper, {
      ...given,
      headers: { cookie: stranger.cookie, 'x-csrf-token': stranger.csrf },
    })
    expect(foreign).toMatchObject({ status: 403, body: { code: 'not_your_conversation' } })

    // What the citizen said meanwhile is read before anything goes to them, be it a file or a card.
    await visitor.say('等一下，我已经办好了')
    const expectedSeq = turn.seq
    const late = await send(aPaper, { ...given, more: { expectedSeq: String(expectedSeq) } })
    expect(late).toMatchObject({ status: 409, body: { code: 'conversation_moved_on' } })
    const card = { clientId: randomUUID(), entryId: 'nat-enrol-newborn' }
    const told = (seen: object) =>
      agent.http.post(`/api/conversations/${conversationId}/tellings`, { ...card, ...seen })
    expect((await told({ expectedSeq })).body.code).toBe('conversation_moved_on')
    expect((await told({ expectedSeq: expectedSeq + 1 })).status).toBe(200)
    await end()
  })
})

/** Its head alone says how large it is. */
function aBomb(): Buffer {
  const chunk = (name: string, data: Buffer) => {
    const named = Buffer.concat([Buffer.from(name, 'latin1'), data])
    const [length, sum] = [Buffer.alloc(4), Buffer.alloc(4)]
    length.writeUInt32BE(data.length)
    sum.writeUInt32BE(crc32(named))
    return Buffer.concat([length, named, sum])
  }
  const head = Buffer.alloc(13)
  head.writeUInt32BE(65_535, 0)
  head.writeUInt32BE(65_535, 4)
  head.set([8, 2, 0, 0, 0], 8)
  const signature = Buffer.from([0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a, 0x1a, 0x0a])
  return Buffer.concat([
    signature,
    chunk('IHDR', head),
    chunk('IDAT', Buffer.alloc(32)),
    chunk('IEND', Buffer.alloc(0)),
  ])
}

describe('what is refused', () => {
  const notThese = '只能发 JPG 或 PNG 图片、PDF 文件，这个文件不是'
  it('is told in words that say what may be sent, keeps nothing, and harms nobody', async () => {
    const { visitor, conversationId, end } = await aTalk()
    const refused: [string, Buffer, string | RegExp][] = [
      ['a program that is called a picture', Buffer.from('MZ\u0090\0\u0003\0\0\0', 'latin1'), notThese],
      ['a page that is called a picture', Buffer.from('<html><script>alert(1)</script>'), notThese],
      ['nothing', Buffer.alloc(0), '文件是空的'],
      ['a picture of four thousand million pixels', aBomb(), /6400 万像素/],
      ['half a picture', photo.subarray(0, photo.length / 2), /打不开/],
      [
        'the beginning of one',
        Buffer.concat([Buffer.from([0xff, 0xd8, 0xff, 0xe0]), Buffer.alloc(2_000, 7)]),
        /打不开/,
      ],
      ['too much', Buffer.alloc(5 * 1_024 * 1_024 + 1, 0xff), /5 MB/],
    ]
    for (const [what, file, words] of refused) {
      const { status, told } = await sendAs(visitor, file)
      expect([400, 413], what).toContain(status)
      expect(told, what).toMatch(words)
    }
    expect(await count(`attachment where conversation_id = '${conversationId}'`)).toBe(0)
    expect((await sendAs(visitor, photo)).status).toBe(200)
    await end()
  })

  it('is whatever comes while the bot has the line', async () => {
    const visitor = await aVisitor(hotline.url)
    expect((await sendAs(visitor, photo)).told).toBe('转人工以后才能发图片和文件')
    await visitor.must('turn:say', { clientId: randomUUID(), text: '你好' })
    expect((await sendAs(visitor, photo)).told).toBe('转人工以后才能发图片和文件')
    visitor.close()
  })

  it('is whatever comes without a pass of ours, or from another site', async () => {
    for (const token of ['', 'x'.repeat(80)])
      expect((await send(photo, { headers: { [passHeader]: token } })).status).toBe(404)
    const token = await aPass(hotline.url)
    const foreign = await send(photo, { headers: { [passHeader]: token, origin: 'https://evil.example' } })
    expect(foreign).toMatchObject({ status: 403, body: { code: 'origin_refused' } })
  })
})

describe('who may see it', () => {
  it('is whoever talks with the citizen, and nobody else without a reason that is on record', async () => {
    const { visitor, end } = await aTalk()
    const { id } = (await sendAs(visitor, photo)).body.attachment
    const other = await signedIn(hotline.url, await hotline.aMember('agent'))
    const boss = await signedIn(hotline.url, await hotline.aMember('supervisor'))
    const officer = await signedIn(hotline.url, await hotline.aMember('officer'))
    for (const who of [other, boss, officer])
      for (const query of ['', '?size=small', '?grant=made-up']) expect((await look(who, id, query)).status).toBe(403)
    const open = (who: HttpClient, body: object) => who.post(`/api/attachments/${id}/open`, body)
    expect((await open(other, { reason: '核实投诉内容' })).status).toBe(403)
    expect((await open(officer, { reason: '核实投诉内容' })).status).toBe(403)
    expect((await open(boss, {})).body).toMatchObject({ code: 'invalid_input', fields: [{ path: 'reason' }] })
    expect(await audited('attachment.open', id)).toBe(0)

    const { grant } = (await open(boss, { reason: '核实投诉内容' })).body
    const granted = `?${new URLSearchParams({ grant: String(grant) }).toString()}`
    expect((await look(boss, id, granted)).status).toBe(200)
    expect(await audited('attachment.open', id)).toBe(1)
    expect((await look(other, id, granted)).status).toBe(403)
    const second = (await sendAs(visitor, photo)).body.attachment.id
    expect((await look(boss, second, granted)).status).toBe(403)

    await visitor.must('complaint:file', { text: '窗口不收这张照片' })
    expect((await open(officer, { reason: '核实投诉内容' })).status).toBe(200)
    await end()
  })

  it('is not another citizen', async () => {
    const [mine, theirs] = [await aTalk(), await aTalk()]
    const { id } = (await sendAs(mine.visitor, photo)).body.attachment
    const fetchAs = (token: string) => ask(hotline.url, 'POST', `/api/visitors/attachments/${id}`, { token })
    expect((await fetchAs(mine.visitor.token)).status).toBe(200)
    for (const token of [theirs.visitor.token, await aPass(hotline.url), 'x'.repeat(60)])
      expect((await fetchAs(token)).status).toBe(404)
    expect(JSON.stringify(theirs.visitor.turns)).not.toContain(id)
    for (const { end } of [mine, theirs]) await end()
  })
})

describe('how long it is kept', () => {
  it('is in the copy that a citizen asks for, and gone with what they ask to be taken out', async () => {
    const { visitor, end } = await aTalk()
    const { id } = (await sendAs(visitor, aPaper, { name: '证明.pdf' })).body.attachment
    const { body } = await ask(hotline.url, 'POST', '/api/visitors/records', { token: visitor.token, format: 'json' })
    expect(body.files).toMatchObject([{ name: '证明.pdf', content: aPaper.toString('base64') }])
    const page = await ask(hotline.url, 'POST', '/api/visitors/records', { token: visitor.token, format: 'html' })
    expect(String(page.body.text)).toContain(`data:application/pdf;base64,${aPaper.toString('base64')}`)

    await end()
    await ask(hotline.url, 'POST', '/api/visitors/erasure', { token: visitor.token })
    expect(await count(`attachment where id = '${id}'`)).toBe(0)
  })

  it('ends with its own term, before the words do, unless a case is open; the thread says so', async () => {
    const [plain, complained] = [await aTalk(), await aTalk()]
    const [first, second] = [await sendAs(plain.visitor, photo), await sendAs(complained.visitor, photo)]
    await complained.visitor.must('complaint:file', { text: '窗口不收这张照片' })
    const round = async (days: number) => {
      now = new Date(now.getTime() + days * 86_400_000)
      await retention(hotline.db, openKeyRing(hotline.config)).round(now)
      return [
        await count(`attachment where id = '${first.body.attachment.id}'`),
        await count(`attachment where id = '${second.body.attachment.id}'`),
      ]
    }
    expect(await round(179)).toEqual([1, 1])
    expect(await round(2)).toEqual([0, 1])
    const view = await hotline.database.pool.query<{ text: string }>(
      `select text from turn where conversation_id = $1 and seq = $2`,
      [plain.conversationId, first.body.seq],
    )
    expect(view.rows[0]?.text).toBe('[图片]')
    const again = await anAgent(hotline.url, await hotline.aMember('agent'))
    const { turns } = await again.must('conversation:open', { conversationId: plain.conversationId })
    expect(turns.find(({ seq }) => seq === first.body.seq)?.attachments).toMatchObject([{ state: 'gone' }])
    again.close()
    for (const { visitor } of [plain, complained]) visitor.close()
  })
})

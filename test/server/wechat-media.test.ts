/** What citizens send in WeChat that is not words: a stand-in of the platform at one end, the whole hotline at the other. */
import { randomUUID } from 'node:crypto'
import { chmod, mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import sharp from 'sharp'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import type { PhoneNews } from '../../contract/phone-events.ts'
import type { KeptTurn } from '../../contract/turn.ts'
import { tencentStandIn, type TencentStandIn } from '../../wechat/stand-in/tencent.ts'
import { writeXml } from '../../wechat/xml.ts'
import { aHotline, type TestHotline } from '../support/hotline.ts'
import { aPhoneClient, type PhoneClient } from '../support/phone-client.ts'
import { phoneToken } from '../support/phone-peers.ts'
import { anAgent, until, type Agent } from '../support/socket-clients.ts'

const keys = {
  token: 'ybhotline2026',
  aesKey: 'YWJjZGVmZ2hpamtsbW5vcHFyc3R1dnd4eXowMTIzNDU',
  id: 'wx1234567890abcdef',
}
const appSecret = 'a-secret-of-the-tests'
const aVoice = Buffer.from('#!AMR\n\u0004and what was said', 'latin1')
const aFilm = Buffer.concat([Buffer.from([0, 0, 0, 24]), Buffer.from('ftypisom'), Buffer.alloc(200)])

let tencent: TencentStandIn
let hotline: TestHotline
let phone: PhoneClient
let agent: Agent
let folder: string
/** What the engine of the phone makes of the next voice. */
let heard: { text?: string } = {}
const voices: Uint8Array[] = []

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'budayang-ffmpeg-'))
  const ffmpeg = join(folder, 'ffmpeg')
  // As loud as what it is given; a whole ffmpeg is no part of what is tried here.
  await writeFile(ffmpeg, '#!/bin/sh\nhead -c 6 | grep -q AMR || exit 1\nhead -c 1600 /dev/zero\n')
  await chmod(ffmpeg, 0o755)
  tencent = await tencentStandIn({ keys, appSecret, mode: 'compatible', callbackUrl: () => `${hotline.url}/wechat/oa` })
  hotline = await aHotline({
    env: {
      QUEUE_MODE: 'claim',
      WECHAT_APP_ID: keys.id,
      WECHAT_APP_SECRET: appSecret,
      WECHAT_TOKEN: keys.token,
      WECHAT_MODE: 'compatible',
      WECHAT_AES_KEY: keys.aesKey,
      WECHAT_API_BASE: tencent.url,
      PHONE_TOKEN: phoneToken,
      FFMPEG: ffmpeg,
    },
  })
  phone = await aPhoneClient(hotline.url, phoneToken)
  const write: PhoneNews['voice:write-down'] = ({ alaw }, written) => {
    voices.push(alaw)
    written(heard)
  }
  phone.socket.on('voice:write-down', write)
  agent = await anAgent(hotline.url, await hotline.aMember('agent'))
  await agent.must('presence:set', { state: 'online' })
})
afterAll(async () => {
  agent.close()
  phone.close()
  await hotline.close()
  await tencent.close()
  await rm(folder, { recursive: true })
})

const hello = (hearing: 'open' | 'choices') => phone.must('phone:hello', { hearing, speaks: true, sipPort: null })
const aCitizen = () => `o${randomUUID().replaceAll('-', '')}`
const lastTo = (openId: string) => tencent.screen(openId).findLast(({ by }) => by === 'account')?.text ?? ''
type Sent = { file: Buffer; type: string; kind: 'image' | 'voice' | 'video'; openId?: string; said?: string }
const send = ({ file, type, kind, openId = aCitizen(), said = '' }: Sent) =>
  tencent.sendFile(openId, kind, file, type, said)
/** Sends it, and waits for the words that come back, on the spot or by a message. */
async function hears(words: RegExp, sent: Sent): Promise<void> {
  const openId = sent.openId ?? aCitizen()
  await send({ ...sent, openId })
  await until(() => words.test(lastTo(openId)), `hearing ${words}`)
}
const voice = { file: aVoice, type: 'audio/amr', kind: 'voice' } as const
const picture = { type: 'image/jpeg', kind: 'image' } as const
/** The newest turn with a file. */
async function turnWithFile(): Promise<{ text: string; attachments: NonNullable<KeptTurn['attachments']> }> {
  const { rows } = await hotline.database.pool.query<{ text: string; attachments: KeptTurn['attachments'] }>(
    `select text, extras -> 'attachments' as attachments from turn where extras ? 'attachments'
      order by said_at desc, seq desc limit 1`,
  )
  return { text: rows[0]?.text ?? '', attachments: rows[0]?.attachments ?? [] }
}
const aPicture = () =>
  sharp({ create: { width: 900, height: 600, channels: 3, background: '#0f6d66' } })
    .jpeg()
    .toBuffer()

it('is nothing that comes unsigned, or signed and not sealed, though the clear half comes along', async () => {
  const clear = writeXml({
    ToUserName: 'gh',
    FromUserName: 'o1',
    CreateTime: 1,
    MsgType: 'text',
    Content: 'x',
    MsgId: '1',
  })
  const { query, body } = tencent.envelope(clear)
  for (const [asked, sent] of [
    ['', body],
    [query, clear],
    [query.replace(/msg_signature=\w+/, 'msg_signature='), body],
  ]) {
    const refused = await fetch(`${hotline.url}/wechat/oa?${asked}`, { method: 'POST', body: sent ?? '' })
    expect([refused.status, await refused.text()]).toEqual([401, ''])
  }
})

describe('a picture', () => {
  it('is fetched and kept for a colleague, and the citizen is asked in one sentence to write', async () => {
    const openId = aCitizen()
    await hears(/图片已经存好.*打字/, { ...picture, file: await aPicture(), openId })
    expect(await turnWithFile()).toMatchObject({
      text: '[图片]',
      attachments: [{ kind: 'image', width: 900, height: 600, state: 'kept' }],
    })
    await tencent.say(openId, '转人工')
    const waiting = await until(() => agent.queue()?.waiting[0], 'the citizen in the queue')
    const { turns } = await agent.must('conversation:claim', { conversationId: waiting.conversationId })
    const id = turns.flatMap(({ attachments = [] }) => attachments)[0]?.id
    const file = await fetch(`${hotline.url}/api/attachments/${id}`, { headers: { cookie: agent.http.cookie } })
    expect([file.status, file.headers.get('content-type')]).toEqual([200, 'image/jpeg'])

    await send({ ...picture, file: await aPicture(), openId })
    await until(() => agent.turns.some(({ attachments }) => attachments), 'the picture at the desk')
    await agent.must('conversation:close', { conversationId: waiting.conversationId, summary: '已答复' })
  })

  it('is fetched again with a new token when the platform has dropped the old one', async () => {
    tencent.dropToken()
    const before = tencent.calls('/cgi-bin/stable_token').length
    await hears(/已经存好/, { ...picture, file: await aPicture() })
    expect((await turnWithFile()).attachments).toMatchObject([{ state: 'kept' }])
    expect(tencent.calls('/cgi-bin/stable_token')).toHaveLength(before + 1)
  })

  it('that cannot be had, or is none, is no reason to lose that one was sent', async () => {
    tencent.refuse(40_007)
    await hears(/没有收到，请再发一次/, { ...picture, file: await aPicture() })
    expect((await turnWithFile()).attachments).toMatchObject([{ kind: 'image', state: 'lost', bytes: 0 }])
    await hears(/只能发 JPG 或 PNG 图片/, { ...picture, file: Buffer.from('MZ\u0090\0') })
    expect((await turnWithFile()).attachments).toMatchObject([{ kind: 'image', state: 'refused' }])
  })
})

it('that shows where a citizen is is kept with its place on the map, and is no question to the bot', async () => {
  const openId = aCitizen()
  const place = {
    MsgType: 'location',
    Location_X: '33.9549',
    Location_Y: '116.7982',
    Scale: '15',
    Label: '相山区政务大厅',
  }
  tencent.wrote(openId)
  const heard = await tencent.knock(openId, { ...place, MsgId: tencent.nextMessageId() })
  await until(() => (heard ?? lastTo(openId)).includes('收到您的位置了'), 'what to do')
  const { rows } = await hotline.database.pool.query<{ text: string }>(
    `select text from turn where speaker = 'customer' order by said_at desc, seq desc limit 1`,
  )
  expect(rows[0]?.text).toBe('[位置]相山区政务大厅（纬度 33.9549，经度 116.7982）')
})

it('fetches a film from the address that the platform names', async () => {
  await hears(/视频已经存好/, { file: aFilm, type: 'video/mp4', kind: 'video' })
  expect((await turnWithFile()).attachments).toMatchObject([{ kind: 'video', isPlayable: true, bytes: aFilm.length }])
})

describe('a voice', () => {
  it('that the platform wrote down is answered as words, and its sound is there', async () => {
    await hears(/依据/, { ...voice, said: '新生儿怎么参保' })
    expect(await turnWithFile()).toMatchObject({
      text: '新生儿怎么参保',
      attachments: [{ kind: 'voice', isWrittenDown: true, isPlayable: true }],
    })
  })

  it('that nobody wrote down is asked for in writing where no phone takes open speech', async () => {
    await hello('choices')
    await hears(/没有听明白.*打字/, voice)
    expect(voices).toEqual([])
    expect(await turnWithFile()).toMatchObject({ text: '[语音]', attachments: [{ kind: 'voice', state: 'kept' }] })
  })

  it('goes to the phone’s recogniser as the telephone has it, and its words are answered', async () => {
    await hello('open')
    heard = { text: '异地就医怎么备案' }
    await hears(/依据/, voice)
    expect(voices.map(({ length }) => length)).toEqual([1_600])
    expect(await turnWithFile()).toMatchObject({ text: '异地就医怎么备案', attachments: [{ isWrittenDown: true }] })
  })

  it('that the recogniser does not understand is asked for in writing', async () => {
    heard = {}
    await hears(/没有听明白.*打字/, voice)
    expect((await turnWithFile()).attachments[0]?.isWrittenDown).toBeUndefined()
  })
})

describe('what an agent sends', () => {
  const upload = (conversationId: string, name: string, file: Buffer) =>
    fetch(
      `${hotline.url}/api/conversations/${conversationId}/attachments?${new URLSearchParams({ clientId: randomUUID(), name }).toString()}`,
      {
        method: 'POST',
        headers: {
          cookie: agent.http.cookie,
          'x-csrf-token': agent.http.csrf,
          'content-type': 'application/octet-stream',
        },
        body: new Uint8Array(file),
      },
    )

  it('arrives as a picture that was handed over before, once; a PDF is refused in words', async () => {
    const openId = aCitizen()
    await tencent.say(openId, '转人工')
    const waiting = await until(
      () => agent.queue()?.waiting.find(({ channel }) => channel === 'wechat'),
      'the citizen in the queue',
    )
    const { conversationId } = waiting
    await agent.must('conversation:claim', { conversationId })
    const before = tencent.calls('/cgi-bin/media/upload').length
    expect((await upload(conversationId, '表.jpg', await aPicture())).status).toBe(200)
    await until(() => /^\[图片 media-\d+\]$/.test(lastTo(openId)), 'the picture')
    expect(tencent.calls('/cgi-bin/media/upload')).toHaveLength(before + 1)

    const refused = await upload(conversationId, '表.pdf', Buffer.from('%PDF-1.7 a form'))
    expect([refused.status, await refused.json()]).toMatchObject([400, { fields: [{ path: 'file' }] }])

    // The platform is busy over the file: nothing was said yet, so it goes again.
    tencent.trouble({ path: '/cgi-bin/media/upload', status: 503 })
    const shown = () => tencent.screen(openId).filter(({ text }) => text.startsWith('[图片 ')).length
    expect((await upload(conversationId, '又一张.jpg', await aPicture())).status).toBe(200)
    await until(() => tencent.calls('/cgi-bin/media/upload').length === before + 2, 'the try that fails')
    const { pool } = hotline.database
    const goAgain = async () => {
      await pool.query(`update wechat_delivery set due_at = now() where state = 'delayed'`)
      return shown()
    }
    await expect.poll(goAgain, { timeout: 30_000, interval: 500 }).toBe(2)
    await agent.must('conversation:close', { conversationId, summary: '发了表' })
  })
})

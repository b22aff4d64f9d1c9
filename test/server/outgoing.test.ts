/** The ways out of the house against real peers: what each makes of every answer, and of none. */
import { createHmac } from 'node:crypto'
import { afterEach, describe, expect, it } from 'vitest'
import { smtpDriver } from '../../server/outgoing/smtp-driver.ts'
import { isSigned, signature } from '../../server/outgoing/signature.ts'
import { webhookDriver } from '../../server/outgoing/webhook-driver.ts'
import { aMailServer, anSmsPlatform } from './outbox-peers.ts'

const secret = 'a-secret-of-the-tests'
const now = new Date('2026-11-22T10:00:00+08:00')
const closing: (() => void)[] = []
afterEach(() => closing.splice(0).forEach((close) => close()))

const letter = { key: 'gap:1:2', to: '13800138000', kind: 'gap_answer', text: '现在有了答复。' }

describe('the SMS platform', () => {
  async function aDriver(withinMs?: number) {
    const platform = await anSmsPlatform()
    closing.push(() => platform.close())
    return { platform, driver: webhookDriver({ url: platform.url, secret, channel: 'sms', now: () => now, withinMs }) }
  }

  it('gets one signed request with the key of the message', async () => {
    const { platform, driver } = await aDriver()
    expect(await driver.deliver(letter)).toEqual({ kind: 'delivered' })
    const [got, ...more] = platform.got
    expect(more).toEqual([])
    expect(got?.body).toEqual({
      id: 'gap:1:2',
      channel: 'sms',
      kind: 'gap_answer',
      to: '13800138000',
      text: '现在有了答复。',
    })
    expect(got?.headers['idempotency-key']).toBe('gap:1:2')
    const at = now.getTime() / 1_000
    const mac = createHmac('sha256', secret)
      .update(`${at}.${got?.raw.toString() ?? ''}`)
      .digest('hex')
    expect(got?.headers['x-budayang-signature']).toBe(`t=${at},v1=${mac}`)
  })

  it.each([
    [204, 'delivered'],
    [400, 'refused'],
    [403, 'refused'],
    [404, 'refused'],
    [302, 'refused'],
    [408, 'failed'],
    [429, 'failed'],
    [500, 'failed'],
    [503, 'failed'],
  ] as const)('that answers %i leaves the message %s', async (status, kind) => {
    const { platform, driver } = await aDriver()
    platform.answer(status)
    expect((await driver.deliver(letter)).kind).toBe(kind)
    expect(platform.got).toHaveLength(1) // a redirect is not followed
  })

  it('that says nothing in time leaves it unknown', async () => {
    const { platform, driver } = await aDriver(100)
    platform.answer('silence')
    expect((await driver.deliver(letter)).kind).toBe('unknown')
  })

  it('that is not there leaves it failed, with the reason and without a word of the message', async () => {
    const { platform, driver } = await aDriver()
    platform.close()
    expect(await driver.deliver(letter)).toEqual({ kind: 'failed', why: 'ECONNREFUSED' })
  })
})

describe('a signature', () => {
  const body = Buffer.from('{"from":"13800138000","text":"TD"}')
  const header = signature(secret, body, now)

  it('is known again within five minutes, and not after', () => {
    expect(isSigned(header, secret, body, now)).toBe(true)
    expect(isSigned(header, secret, body, new Date(now.getTime() + 299_000))).toBe(true)
    expect(isSigned(header, secret, body, new Date(now.getTime() + 301_000))).toBe(false)
    expect(isSigned(header, secret, body, new Date(now.getTime() - 301_000))).toBe(false)
  })

  it.each([
    undefined,
    '',
    header.slice(0, -1),
    header.replace('t=', 't=1'),
    header.toUpperCase(),
    `${header}00`,
    't=1,v1=',
  ])('that is changed (%s) is none', (given) => {
    expect(isSigned(given, secret, body, now)).toBe(false)
  })

  it('of another secret or another body is none', () => {
    expect(isSigned(header, `${secret}!`, body, now)).toBe(false)
    expect(isSigned(header, secret, Buffer.from('{}'), now)).toBe(false)
  })
})

describe('the mail server', () => {
  const mail = { ...letter, to: 'zhang@example.gov.cn', subject: '您的问题有了答复' }
  async function aDriver(withinMs?: number) {
    const server = await aMailServer()
    const driver = smtpDriver({ url: server.url, from: '咨询 <zixun@example.gov.cn>', withinMs })
    closing.push(() => {
      driver.close()
      server.close()
    })
    return { server, driver }
  }

  it('gets the letter with an id that is the same for every try', async () => {
    const { server, driver } = await aDriver()
    expect(await driver.deliver(mail)).toEqual({ kind: 'delivered' })
    expect(await driver.deliver(mail)).toEqual({ kind: 'delivered' })
    const [first, second] = server.got
    expect(first?.from).toContain('<zixun@example.gov.cn>')
    expect(first?.to).toContain('<zhang@example.gov.cn>')
    const idOf = (data = '') => /^Message-ID: (\S+)/im.exec(data)?.[1]
    expect(idOf(first?.data)).toMatch(/^<[0-9a-f]{32}@budayang>$/)
    expect(idOf(second?.data)).toBe(idOf(first?.data))
    expect(first?.data.replaceAll('=\r\n', '')).toMatch(/[A-Za-z0-9+/=]{12,}/)
  })

  it('is not talked into another header by what a letter says', async () => {
    const { server, driver } = await aDriver()
    await driver.deliver({ ...mail, subject: '一\r\nBcc: other@example.gov.cn', to: 'zhang@example.gov.cn' })
    expect(server.got[0]?.data).not.toMatch(/^Bcc:/im)
    expect(server.got).toHaveLength(1)
  })

  it.each([
    ['RCPT', '550 no such person', 'refused'],
    ['RCPT', '451 try later', 'failed'],
    ['MAIL', '421 busy', 'failed'],
    ['.', '554 not wanted', 'refused'],
    ['.', '452 full', 'failed'],
  ] as const)('that answers %s with "%s" leaves it %s, and its words are not kept', async (word, line, kind) => {
    const { server, driver } = await aDriver()
    server.reply(word, line)
    const outcome = await driver.deliver(mail)
    expect(outcome.kind).toBe(kind)
    expect(JSON.stringify(outcome)).not.toContain(line.slice(4))
  })

  it('that says nothing in time leaves it unknown', async () => {
    const { server, driver } = await aDriver(200)
    server.reply('DATA', 'silence')
    expect((await driver.deliver(mail)).kind).toBe('unknown')
  })
})

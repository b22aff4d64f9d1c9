/** The envelope of WeChat's callbacks, by the published vectors and by vectors of our own (notes on channels, §1.3). */
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { isSigned, openEnvelope, sealEnvelope } from '../../wechat/envelope.ts'

const keys = {
  token: 'ybhotline2026',
  aesKey: 'YWJjZGVmZ2hpamtsbW5vcHFyc3R1dnd4eXowMTIzNDU',
  id: 'wx1234567890abcdef',
}
const stamp = { timestamp: '1767225600', nonce: '846392017' }
const inbound =
  '<xml><ToUserName><![CDATA[gh_yibao0001]]></ToUserName><FromUserName><![CDATA[oTestOpenId0000000000000001]]></FromUserName><CreateTime>1767225600</CreateTime><MsgType><![CDATA[text]]></MsgType><Content><![CDATA[异地就医怎么备案？]]></Content><MsgId>24900000000000001</MsgId></xml>'
const inboundSealed =
  'n+2yCHTHPE9sik87zYQO261SzmRm8hzoQcUeuD3sDIEnre/ei5gve6fvVqltUdnQzyDhFOD/h6sHD6Dj+nEtf6IUnvEK0lgMAXeeyNPaTHouIlam5SfqM9qDQvgq2oZy1m2YvzvOXb+FUVr3Gy7pMbVm3duhObDiD5+b6tGix3I8ZCQv4qQ9T6xAk+pc2z+FuOKNZoxh7WWwp9x4CkQe5CCCFEbHa33M1LY1xJ2JuFlZBYY2T7j5Bf9ur8fK81cP8JWxzrB/pi2todlEOc6tYlO/Y5qooDIvoxhvu84MlL7n3NzdifHTWo4ZJLZoJGzUmemSaEcK78L8aEc+OmqVptMNMtvKrJJNfD4UcqUJ4CS6HmydVmhX5gb7hyro5WqrF5hlYKorfmcPPtZTQxQiI6luvRr3uOGQ8SMmqN/yGO/gnC0nwJifN0ulBSkgWgHbHGH14bwIMJ7jP40vXva5cQ=='
const outbound =
  '<xml><ToUserName><![CDATA[oTestOpenId0000000000000001]]></ToUserName><FromUserName><![CDATA[gh_yibao0001]]></FromUserName><CreateTime>1767225601</CreateTime><MsgType><![CDATA[text]]></MsgType><Content><![CDATA[您好，请选择：1 备案 2 报销...............]]></Content></xml>'
const outboundSealed =
  'Jwmp0PJbkPtvVjF40yboTPvi6lCFgDISc356ZSiPfdDBccDkRQVOYDhCdvYUOtOnavBQHG9wB9+oiM8PtxdO9FduabRcKUR14NJjtw/Oz2jL9qoQue4bpf/etG5W3klVpb0zxeAqFuvXZ+C55ZvvFSLP+6GSfcjjQjwZoQ/gMh2CFRx8HljSVdFJ7eVC5hEwvOB2B7DdjUK8aHG7Zt1lKm2qaP+N7QsZur7KKjeqD7qZViKAThldDEYofOraXoR2PNKh3/dby1FebOTwSKw4yyYHOnNoQzO6heQtYn3KucgJMJk83lwRDleLPTqyWEkt4f82NQQoRs9XEKolvNUiwUCIjA7PjvEyb4DhQETo/rXrAyI59XeD7uY33InDFgEdktvL7lvI/1xBScTCGJiUCGB2b+M4WqEdb6yS28o4QUzYy3fsSsnJRaEhPL+q699c/+eMRY4gkF0kM3Vy+hWvrQ=='

/** 消息加解密说明's own, whose key is no canonical base64. */
const tencentSample =
  'hyzAe4OzmOMbd6TvGdIOO6uBmdJoD0Fk53REIHvxYtJlE2B655HuD0m8KUePWB3+LrPXo87wzQ1QLvbeUgmBM4x6F8PGHQHFVAFmOD2LdJF9FrXpbUAh0B5GIItb52sn896wVsMSHGuPE328HnRGBcrS7C41IzDWyWNlZkyyXwon8T332jisa+h6tEDYsVticbSnyU8dKOIbgU6ux5VTjg3yt+WGzjlpKn6NPhRjpA912xMezR4kw6KWwMrCVKSVCZciVGCgavjIQ6X8tCOp3yZbGpy0VxpAe+77TszTfRd5RJSVO/HTnifJpXgCSUdUue1v6h0EIBYYI1BD1DlD+C0CR8e6OewpusjZ4uBl9FyJvnhvQl+q5rv1ixrcpCumEPo5MJSgM9ehVsNPfUM669WuMyVWQLCzpu9GhglF2PE='

describe('a signature', () => {
  it.each([
    ['ybhotline2026', stamp, 'a42b0d8c2c0cae703a03ead5c7ec357ae30b8c58'],
    ['AAAAA', { timestamp: '1714036504', nonce: '1514711492' }, 'f464b24fc39322e44b38aa78f5edd27bd1441696'],
    ['AAAAA', { timestamp: '1714037059', nonce: '486452656' }, '899cf89e464efb63f54ddac96b0a0a235f53aa78'],
  ])('of the bare stamp is as the platform makes it: %s', (token, at, signature) => {
    expect(isSigned(token, at, signature)).toBe(true)
    expect(
      isSigned(
        token,
        at,
        signature.replace(/^./, (digit) => (digit === '0' ? '1' : '0')),
      ),
    ).toBe(false)
    expect(isSigned(token, at, '')).toBe(false)
  })

  it('covers what is sealed', () => {
    expect(isSigned(keys.token, stamp, '4ad4bf5ed683cc8742b351d371473560906441a4', inboundSealed)).toBe(true)
    expect(isSigned(keys.token, stamp, '4ad4bf5ed683cc8742b351d371473560906441a4', `${inboundSealed}=`)).toBe(false)
  })
})

describe('an envelope', () => {
  it('is opened as the platform sealed it', () => {
    expect(openEnvelope(keys, inboundSealed)).toBe(inbound)
  })

  it('is sealed to the byte, also where the padding is a whole block', () => {
    const sealed = sealEnvelope(
      keys,
      outbound,
      { timestamp: '1767225601', nonce: '1372623149' },
      Buffer.from('fedcba9876543210'),
    )
    expect(sealed).toEqual({ sealed: outboundSealed, signature: '348a0d5933f5bc1d5e84ef25a8868c4520ae58e4' })
  })

  it('of a key that is no canonical base64, and of a company, is opened too', () => {
    const company = {
      token: 'QDG6eK',
      aesKey: 'jWmYm7qr5nMoAUwZRjGtBxmz3KA1tkAj3ykkR6q2B2C',
      id: 'wx5823bf96d3bd56c7',
    }
    const echo = 'P9nAzCzyDtyTWESHep1vC5X9xho/qYX3Zpb4yKa9SKld1DsH3Iyt3tP3zNdtp+4RPcs8TgAE7OaBO+FZXvnaqQ=='
    const at = { timestamp: '1409659589', nonce: '263014780' }
    expect(isSigned(company.token, at, '5c45ff5e21c57e6ad56bac8758b79b1d9ac89fd3', echo)).toBe(true)
    expect(openEnvelope(company, echo)).toBe('1616140317555161061')
  })

  it('is opened as Tencent’s own sample of an official account was sealed', () => {
    const sample = {
      token: 'spamtest',
      aesKey: 'abcdefghijklmnopqrstuvwxyz0123456789ABCDEFG',
      id: 'wx2c2769f8efd9abc2',
    }
    const at = { timestamp: '1409735669', nonce: '1320562132' }
    expect(isSigned(sample.token, at, '5d197aaffba7e9b25a30732f161a50dee96bd5fa', tencentSample)).toBe(true)
    expect(openEnvelope(sample, tencentSample)).toContain('<Content><![CDATA[abcdteT]]></Content>')
  })

  it('is refused whatever byte of it is another', () => {
    const bytes = Buffer.from(inboundSealed, 'base64')
    for (let at = 0; at < bytes.length; at++) {
      const forged = Buffer.from(bytes)
      forged[at] = (forged[at] ?? 0) ^ 1
      // The first block holds chance alone: changed there, it is the same message, and the signature refuses it.
      if (at >= 32) expect(openEnvelope(keys, forged.toString('base64'))).not.toBe(inbound)
    }
  })

  it('for somebody else, cut short, or of nonsense is none', () => {
    expect(openEnvelope({ ...keys, id: 'wx0000000000000000' }, inboundSealed)).toBeUndefined()
    expect(openEnvelope(keys, inboundSealed.slice(0, 64))).toBeUndefined()
    expect(openEnvelope(keys, '')).toBeUndefined()
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 200 }), (bytes) => {
        expect(openEnvelope(keys, Buffer.from(bytes).toString('base64'))).toBeUndefined()
      }),
    )
  })

  it('holds whatever text', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'grapheme', maxLength: 300 }), (text) => {
        expect(openEnvelope(keys, sealEnvelope(keys, text, stamp).sealed)).toBe(text)
      }),
    )
  })
})

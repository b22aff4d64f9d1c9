/**
 * The door that the platform knocks at: who may come in, and in what envelope it is answered. What is required is
 * decided by our own settings, never by what a request says of itself.
 *
 * Invariant: whoever is refused is told nothing of why.
 */
import { randomBytes } from 'node:crypto'
import { z } from 'zod'
import { isSigned, openEnvelope, sealEnvelope, type EnvelopeKeys, type Stamp } from './envelope.ts'
import { refusedFor, type RefusedFor } from './refused-knock.ts'
import { readXml, writeXml } from './xml.ts'

/** 明文, 兼容, 安全. In 兼容 the clear half is left unread: both halves come, and only one is sealed. */
export const callbackModes = ['plain', 'compatible', 'safe'] as const
export type CallbackMode = (typeof callbackModes)[number]

type Parts = {
  keys: EnvelopeKeys
  mode: CallbackMode
  mostAgeSeconds: number
  /** The sealed half of a body; a mini-program may send JSON. */
  sealedIn?: (body: string) => string | undefined
  /** A company's verification comes sealed as well. */
  isEchoSealed?: boolean
  now: () => Date
}
export type Callback = ReturnType<typeof callback>

export const callbackQuery = z.object({
  signature: z.string().max(100).default(''),
  msg_signature: z.string().max(100).default(''),
  timestamp: z.string().max(20).default(''),
  nonce: z.string().max(100).default(''),
  echostr: z.string().max(2_000).default(''),
})
export type CallbackQuery = z.output<typeof callbackQuery>

export function callback({ keys, mode, mostAgeSeconds, now, ...parts }: Parts) {
  const { sealedIn = (body: string) => readXml(body)?.['Encrypt'], isEchoSealed = false } = parts
  const isFresh = ({ timestamp }: Stamp) =>
    /^\d{1,12}$/.test(timestamp) && Math.abs(now().getTime() / 1_000 - Number(timestamp)) <= mostAgeSeconds

  return {
    /** @returns what proves to the platform that the address is ours; nothing for anybody else. */
    verified(query: CallbackQuery): string | undefined {
      if (isEchoSealed)
        return isSigned(keys.token, query, query.msg_signature, query.echostr)
          ? openEnvelope(keys, query.echostr)
          : undefined
      return isSigned(keys.token, query, query.signature) ? query.echostr : undefined
    },

    /** @returns the message in the clear; nothing where it is not the platform's. */
    opened(query: CallbackQuery, body: string): string | undefined {
      if (!isFresh(query)) return undefined
      if (mode === 'plain') return isSigned(keys.token, query, query.signature) ? body : undefined
      const sealed = sealedIn(body) ?? ''
      if (sealed === '' || !isSigned(keys.token, query, query.msg_signature, sealed)) return undefined
      return openEnvelope(keys, sealed)
    },

    /** Of what was not let in; for the set-up page alone. */
    refusedFor(query: CallbackQuery, body: string): RefusedFor | undefined {
      const sealed = isEchoSealed && body === '' ? query.echostr : (sealedIn(body) ?? '')
      // Proof of the address may be asked for at any time.
      return refusedFor(keys, mode, { query, sealed, isFresh: body === '' || isFresh(query) })
    },

    /** The answer on the spot. */
    reply(text: string, { openId, account }: { openId: string; account: string }): string {
      const seconds = Math.floor(now().getTime() / 1_000)
      const clear = writeXml({
        ToUserName: openId,
        FromUserName: account,
        CreateTime: seconds,
        MsgType: 'text',
        Content: text,
      })
      if (mode === 'plain') return clear
      const stamp = { timestamp: String(seconds), nonce: randomBytes(8).toString('hex') }
      const { sealed, signature } = sealEnvelope(keys, clear, stamp)
      return writeXml({ Encrypt: sealed, MsgSignature: signature, TimeStamp: seconds, Nonce: stamp.nonce })
    },
  }
}

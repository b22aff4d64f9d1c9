/**
 * Why somebody was refused at the platform's door, for the operator who sets it up; whoever knocked is told nothing of it.
 */
import type { CallbackMode } from './callback.ts'
import { isSigned, openEnvelope, type EnvelopeKeys } from './envelope.ts'

/**
 * `clock`: it is rightly signed, for another time than ours. `plain`: rightly signed, and not sealed as our mode wants.
 * `key`: what is sealed does not open, or is another account's. `form`: it opens, and is no message.
 */
export type RefusedFor = 'clock' | 'signature' | 'plain' | 'key' | 'form'

type Knock = {
  query: { signature: string; msg_signature: string; timestamp: string; nonce: string; echostr: string }
  /** What is sealed in the body, or in the address where somebody asks for proof; '' where nothing is. */
  sealed: string
  isFresh: boolean
}

/** @returns undefined for whoever does not even look like the platform: the internet's scanners knock everywhere. */
export function refusedFor(keys: EnvelopeKeys, mode: CallbackMode, knock: Knock): RefusedFor | undefined {
  const { query, sealed, isFresh } = knock
  const isLike = /^\d{6,12}$/.test(query.timestamp) && query.nonce !== ''
  if (!isLike || !/^[0-9a-f]{40}$/.test(query.msg_signature || query.signature)) return undefined
  const isStamped = isSigned(keys.token, query, query.signature)
  const isSealSigned = sealed !== '' && isSigned(keys.token, query, query.msg_signature, sealed)
  if (!isStamped && !isSealSigned) return 'signature'
  if (!isFresh) return 'clock'
  if (mode !== 'plain' && sealed === '') return 'plain'
  if (mode !== 'plain' && !isSealSigned) return 'signature'
  return sealed !== '' && openEnvelope(keys, sealed) === undefined ? 'key' : 'form'
}

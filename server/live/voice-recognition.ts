/**
 * Asks a phone process to write a voice down: recognition is theirs. One is asked, whichever takes open speech, on
 * whatever node it is connected.
 */
import type { Server } from 'socket.io'
import { phoneSpace } from './rooms.ts'

const withinMs = 25_000

/** @param alaw A-law at 8 kHz @returns nothing where no phone process takes open speech, or it understood nothing */
export async function writtenDown(io: Server, alaw: Buffer): Promise<string | undefined> {
  const able = (await phoneSpace(io).fetchSockets()).find(({ data }) => data.hearing === 'open')
  if (!able) return undefined
  return new Promise((resolve) => {
    phoneSpace(io)
      .to(able.id)
      .timeout(withinMs)
      .emit('voice:write-down', { alaw }, (_late: Error | null, written: readonly { text?: string }[]) => {
        resolve(written[0]?.text?.trim() || undefined)
      })
  })
}

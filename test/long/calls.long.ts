/**
 * Ten thousand calls. LONG_CALLS, LONG_AT_ONCE and LONG_SEED give another number, another crowd and another order; the
 * seed is printed.
 */
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { expect, it } from 'vitest'
import { aHotline } from '../support/hotline.ts'
import { phoneToken } from '../support/phone-peers.ts'
import { endInEveryWay } from './endings.ts'

const calls = Number(process.env.LONG_CALLS ?? 10_000)
const atOnce = Number(process.env.LONG_AT_ONCE ?? 40)
const seed = Number(process.env.LONG_SEED ?? Date.now() % 1_000_000)

it(`leaves nothing of ${calls} calls that ended in every way (LONG_SEED=${seed})`, async () => {
  const hotline = await aHotline({ env: { PHONE_TOKEN: phoneToken, QUEUE_MODE: 'claim' } })
  const folder = await mkdtemp(join(tmpdir(), 'budayang-long-'))
  try {
    const ended = await endInEveryWay({ hotline, folder, calls, atOnce, seed })
    expect(ended.rung).toBe(calls)
  } finally {
    await hotline.close()
    await rm(folder, { recursive: true, force: true, maxRetries: 5 })
  }
})

/** Ten thousand calls. LONG_CALLS and LONG_SEED give another number and another order; the seed is printed. */
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { expect, it } from 'vitest'
import { aHotline } from '../support/hotline.ts'
import { phoneToken } from '../support/phone-peers.ts'
import { endInEveryWay } from './endings.ts'

const calls = Number(process.env.LONG_CALLS ?? 10_000)
const seed = Number(process.env.LONG_SEED ?? Date.now() % 1_000_000)

it(`leaves nothing of ${calls} calls that ended in every way (LONG_SEED=${seed})`, async () => {
  const hotline = await aHotline({ env: { PHONE_TOKEN: phoneToken } })
  const folder = await mkdtemp(join(tmpdir(), 'budayang-long-'))
  try {
    const ended = await endInEveryWay({ hotline, folder, calls, atOnce: 40, seed })
    console.log(`LONG_SEED=${seed}`, ended)
    expect(ended.rung).toBe(calls)
  } finally {
    await hotline.close()
    await rm(folder, { recursive: true, force: true, maxRetries: 5 })
  }
})

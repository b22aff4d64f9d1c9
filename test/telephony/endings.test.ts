/** A slice of what `npm run test:long` does ten thousand times: calls that end in every way, and nothing left of them. */
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { expect, it } from 'vitest'
import { endInEveryWay } from '../long/endings.ts'
import { aHotline } from '../support/hotline.ts'
import { phoneToken } from '../support/phone-peers.ts'

it('leaves nothing of 150 calls that ended in fifteen ways: no socket, no dialog, no row without an end', async () => {
  const hotline = await aHotline({ env: { PHONE_TOKEN: phoneToken } })
  const folder = await mkdtemp(join(tmpdir(), 'budayang-endings-'))
  try {
    const ended = await endInEveryWay({ hotline, folder, calls: 150, atOnce: 24, seed: 4_028 })
    expect(Object.keys(ended)).toEqual(
      expect.arrayContaining(['caller', 'agent', 'hotline', 'no-ack', 'no-audio', 'session-expired']),
    )
  } finally {
    await hotline.close()
    await rm(folder, { recursive: true, force: true, maxRetries: 5 })
  }
}, 240_000)

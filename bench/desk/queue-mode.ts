/** The switch of the console: whether the queue gives citizens to agents, or agents take them. */
import type { QueueMode } from '../../contract/queue.ts'
import { signedIn } from '../../test/support/http-client.ts'
import { administrator } from './people.ts'

/** Which of the two holds at this step: a run begins and ends with the one that a new hotline has. */
export function modeAt(step: number, steps: number): QueueMode {
  return Math.floor((step / steps) * 8 + 1) % 4 < 2 ? 'assign' : 'claim'
}

export async function setQueueMode(url: string, mode: QueueMode): Promise<void> {
  const admin = await signedIn(url, administrator)
  const { status, body } = await admin.post('/api/queue-settings', { mode, askMinutes: 240, endMinutes: 240 })
  if (status !== 200) throw new Error(`the queue was not set: ${status} ${JSON.stringify(body)}`)
}

/** The newest transfer of a conversation, settled or not, as the desk shows it. */
import type { TransferView } from '../contract/transfer.ts'
import { staffStore } from '../desk/staff.store.ts'
import { expiresAt } from '../desk/transfer.ts'
import { transfersStore } from '../desk/transfers.store.ts'
import type { Db } from './tables.ts'

export async function lastTransferOf(db: Db, conversationId: string): Promise<TransferView | undefined> {
  const last = await transfersStore(db).lastOf(conversationId)
  if (!last) return undefined
  const { id, fromStaffId, toStaffId, state, reason, note } = last
  const numbers = await staffStore(db).workNumbers(toStaffId ? [fromStaffId, toStaffId] : [fromStaffId])
  return {
    ...{ transferId: id, state, reason, note, expiresAt: expiresAt(last).toISOString() },
    fromNumber: numbers.get(fromStaffId) ?? '',
    toNumber: toStaffId && numbers.get(toStaffId),
  }
}

/** How those on duty are called: a line in the bell, a message to where they are written to, and a word at an open console. */
import type { Server } from 'socket.io'
import type { DutyRoads } from '../bot/escalation.ts'
import { dutyFact } from '../desk/alert.ts'
import { alertsStore } from '../desk/alerts.store.ts'
import type { Alerts } from '../desk/alerts.ts'
import { auditStore } from '../desk/audit.store.ts'
import { staffContactsStore } from '../desk/staff-contacts.store.ts'
import type { KeyRing } from './key-ring.ts'
import { agentSpace, staffRoom } from './live/rooms.ts'

type Parts = { io: Server; keys: KeyRing; alerts: Alerts }

export function dutyRoads({ io, keys, alerts }: Parts): DutyRoads {
  /** On whichever server their console hangs. */
  async function atConsoles(staffIds: readonly string[]): Promise<string[]> {
    if (staffIds.length === 0) return []
    const consoles = await agentSpace(io).in(staffIds.map(staffRoom)).fetchSockets()
    return consoles.map(({ data }) => data.staffId)
  }

  return {
    reached: async (db, staffIds) =>
      new Set([...(await staffContactsStore(db, keys).withAny(staffIds)), ...(await atConsoles(staffIds))]),

    async tell(tx, call, now) {
      const { conversationId, staffId } = call
      await auditStore(tx).record({ act: 'duty.told', subject: conversationId, detail: { staffId } }, now)
      await alerts.dutyCalled(tx, call, now)
    },

    told: (db, handoverId, staffIds) => alertsStore(db).toldOf(dutyFact(handoverId), staffIds),
  }
}

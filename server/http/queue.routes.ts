/** How supervisors set the queue up: who can what, how much one holds, what is urgent, who picks up at which hour. */
import type { AuditAct } from '../../contract/audit.ts'
import type { LineMode } from '../../contract/phone-events.ts'
import { Problem } from '../../contract/problem.ts'
import type { LineHoursView, SeatsView } from '../../contract/queue.ts'
import { auditStore } from '../../desk/audit.store.ts'
import { dutyPhonesStore } from '../../desk/duty-phones.store.ts'
import { lineHoursStore } from '../../desk/line-hours.store.ts'
import type { QueueSettingsStore } from '../../desk/queue-settings.store.ts'
import type { Sealer } from '../../desk/sealer.ts'
import { skillsStore } from '../../desk/skills.store.ts'
import { staffStore } from '../../desk/staff.store.ts'
import type { Db } from '../db/database.ts'
import { chatHoursByDefault } from '../chat-lines.ts'
import { hoursByDefault } from '../line-table.ts'
import type { Doors } from './doors.ts'

type Parts = {
  db: Db
  sealer: Sealer
  lineMode: LineMode
  settings: (db: Db) => QueueSettingsStore
  /** Somebody may be given a place who had none. */
  capacityChanged: () => void
  /** Phones are to be told. */
  linesChanged: () => Promise<void>
  now: () => Date
}

export function queueRoutes(
  doors: Doors,
  { db, sealer, lineMode, settings, capacityChanged, linesChanged, now }: Parts,
): void {
  doors.open('GET /api/seats', async () => {
    const dutyPhones = Object.fromEntries(await dutyPhonesStore(db, sealer).shown())
    return { ...(await skillsStore(db).view()), dutyPhones } satisfies SeatsView
  })
  doors.open('POST /api/seats/:id/duty-phone', async ({ params: { id }, body: { phone }, signedIn }) => {
    if (!(await staffStore(db).workNumbers([id])).has(id)) throw new Problem('not_found', `no staff ${id}`)
    await noted(signedIn.actor.staffId, 'seat.duty-phone', id, (tx) =>
      dutyPhonesStore(tx, sealer).keep(id, phone || null),
    )
    return { ok: true }
  })

  doors.open('POST /api/seats/:id', async ({ params, body, signedIn }) => {
    await noted(signedIn.actor.staffId, 'seat.set', params.id, (tx) => skillsStore(tx).keepSeat(params.id, body))
    capacityChanged()
    return { ok: true }
  })

  doors.open('POST /api/capacity', async ({ body, signedIn }) => {
    await noted(signedIn.actor.staffId, 'seat.capacity', 'everybody', (tx) => skillsStore(tx).keepEverybodys(body))
    capacityChanged()
    return { ok: true }
  })

  doors.open('POST /api/skills', async ({ body, signedIn }) => {
    const id = await noted(signedIn.actor.staffId, 'skill.set', body.name ?? body.id ?? '', (tx) =>
      skillsStore(tx).keepSkill(body),
    )
    return { id: id ?? null }
  })

  doors.open('GET /api/urgent-words', async () => ({ words: await skillsStore(db).urgentWords() }))
  doors.open('POST /api/urgent-words', async ({ body, signedIn }) => {
    await noted(signedIn.actor.staffId, 'urgent-words.set', 'all', (tx) => skillsStore(tx).keepUrgentWords(body.words))
    return { ok: true }
  })

  doors.open('GET /api/queue-settings', () => settings(db).inForce())
  doors.open('POST /api/queue-settings', async ({ body, signedIn }) => {
    const { staffId } = signedIn.actor
    await db.transaction().execute(async (tx) => {
      await settings(tx).keep(body)
      await auditStore(tx).record({ staffId, act: 'queue.set', subject: 'queue', detail: body }, now())
    })
    capacityChanged()
    return { ok: true }
  })

  doors.open('GET /api/line-hours', async () => {
    const lines = await lineHoursStore(db).all()
    const byDefault = hoursByDefault(lineMode)
    return { lines, byDefault, chatByDefault: chatHoursByDefault } satisfies LineHoursView
  })
  doors.open('POST /api/line-hours', async ({ body, signedIn }) => {
    await noted(signedIn.actor.staffId, 'line-hours.set', body.line || 'others', (tx) => lineHoursStore(tx).keep(body))
    await linesChanged()
    return { ok: true }
  })

  function noted<T>(staffId: string, act: AuditAct, subject: string, work: (tx: Db) => Promise<T>): Promise<T> {
    return db.transaction().execute(async (tx) => {
      const done = await work(tx)
      await auditStore(tx).record({ staffId, act, subject }, now())
      return done
    })
  }
}

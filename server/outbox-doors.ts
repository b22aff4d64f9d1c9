/** The doors of what leaves the house, put together. */
import { join } from 'node:path'
import { sheetReader } from '../knowledge/sheet/sheet-reader.ts'
import type { Config } from './config.ts'
import type { Db } from './db/database.ts'
import type { Doors } from './http/doors.ts'
import { noticesRoutes } from './http/notices.routes.ts'
import { outboxRoutes } from './http/outbox.routes.ts'
import type { KeyRing } from './key-ring.ts'
import type { Outgoing } from './outbox.ts'

/** `root` holds dist/. */
type Parts = { db: Db; keys: KeyRing; box: Outgoing; config: Config; root: string; now: () => Date }

export function outboxDoors(doors: Doors, { root, ...parts }: Parts): void {
  outboxRoutes(doors, parts)
  noticesRoutes(doors, { ...parts, sheets: sheetReader({ workerFile: join(root, 'dist', 'sheet-worker.js') }) })
}

/** Who rings, and which calls a phone process has forgotten. */
import { randomUUID } from 'node:crypto'
import type { Server } from 'socket.io'
import { phoneNumber } from '../../contract/text.ts'
import { callsStore } from '../../desk/calls.store.ts'
import type { Db } from '../db/database.ts'
import { phoneSpace } from './rooms.ts'

/** How a caller is known again: by their number; a withheld one is somebody new each time. */
export function callerIdentity(caller: string): { number?: string; lookup: string } {
  const parsed = phoneNumber.safeParse(caller.replace(/^\+?86(?=1\d{10}$)/, ''))
  return parsed.success
    ? { number: parsed.data, lookup: `phone:${parsed.data}` }
    : { lookup: `anonymous:${randomUUID()}` }
}

export async function endForgottenCalls(io: Server, db: Db, node: string, now: Date): Promise<string[]> {
  const isCarried = [...phoneSpace(io).sockets.values()].some(
    (socket) => socket.data.node === node && socket.data.calls.size > 0,
  )
  return isCarried ? [] : callsStore(db).endAllOf(node, now)
}

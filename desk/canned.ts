/** 常用语: whose they are. One's own anybody of the desk keeps; those that everybody uses, supervisors and administrators. */
import type { CannedChange, CannedReply } from '../contract/canned.ts'
import { Problem } from '../contract/problem.ts'
import type { Actor } from '../contract/staff.ts'
import { cannedStore, type Kept } from './canned.store.ts'
import type { Db } from './tables.ts'

/** Pure. */
export function mayKeepShared({ roles }: Pick<Actor, 'roles'>): boolean {
  return roles.includes('supervisor') || roles.includes('administrator')
}

export function canned(db: Db) {
  const store = cannedStore(db)

  /** Another's own one is not there for anybody else. @throws Problem not_found, not_allowed */
  async function mustKeep(id: string, actor: Actor): Promise<Kept> {
    const kept = await store.find(id)
    if (!kept || (kept.ownerId !== undefined && kept.ownerId !== actor.staffId))
      throw new Problem('not_found', `no canned reply ${id}`)
    if (kept.ownerId === undefined) mustShare(actor)
    return kept
  }

  return {
    listFor: (actor: Actor): Promise<CannedReply[]> => store.listFor(actor.staffId),

    /** @throws Problem conflict, naming `name`; not_allowed for a shared one; not_found */
    async keep({ id, shared, name, text }: CannedChange, actor: Actor, now: Date): Promise<string> {
      if (shared) mustShare(actor)
      if (id !== undefined) await mustKeep(id, actor)
      const written = { name, text, by: actor.staffId, ...(!shared && { ownerId: actor.staffId }) }
      const kept =
        id === undefined ? await store.add(written, now) : (await store.change(id, written, now)) ? id : undefined
      if (kept !== undefined) return kept
      const fields = [{ path: 'name', message: '已有同名的常用语' }]
      throw new Problem('conflict', `a canned reply named ${name} is there`, { fields })
    },

    async remove(id: string, actor: Actor): Promise<void> {
      await mustKeep(id, actor)
      await store.remove(id)
    },
  }
}

function mustShare(actor: Actor): void {
  if (!mayKeepShared(actor)) throw new Problem('not_allowed', 'a shared canned reply')
}

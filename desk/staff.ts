/**
 * Staff and their passwords: making an account, signing in, and how the first administrator comes to be.
 *
 * No account with a known password ever exists: without one it waits for a one-time link. What a stranger learns
 * from signing in is the same for a wrong password and for a name that nobody has.
 */
import { createHash, randomBytes } from 'node:crypto'
import { hash, verify } from '@node-rs/argon2'
import { faultyField, Problem } from '../contract/problem.ts'
import { passwordFault } from '../contract/password.ts'
import type { Actor, NewStaff, SetUpLink } from '../contract/staff.ts'
import { auditStore } from './audit.store.ts'
import { sessionsStore } from './sessions.store.ts'
import { setupLinksStore } from './setup-links.store.ts'
import { actorFrom, staffStore } from './staff.store.ts'
import type { Db } from './tables.ts'
import type { FactorVerdict } from './totp.ts'
import { inTransaction } from './transaction.ts'

/** Argon2id, the library's default kind, at the least that OWASP's password storage sheet allows for it. */
const cost = { memoryCost: 19 * 1024, timeCost: 2, parallelism: 1 }
const failuresAllowed = 5
const lockMs = 15 * 60_000
const linkMs = 24 * 3_600_000
/** None of which may come again. */
const passwordsKept = 5

/** What a name that nobody has is measured against, so that it takes as long to refuse. */
const nobodysHash = hash(randomBytes(16), cost)

const wrongCode = { path: 'otp', message: '验证码不对，或已经用过' }

export type Staff = ReturnType<typeof staff>
type Factor = (staffId: string) => Promise<FactorVerdict>

export function staff(db: Db) {
  return {
    /** @throws Problem conflict naming the field that somebody else has. */
    async create(made: NewStaff, now: Date): Promise<Actor> {
      const passwordHash = made.password === undefined ? undefined : await hash(made.password, cost)
      return inTransaction(db, async (tx) => {
        const store = staffStore(tx)
        await store.lockMaking()
        const workNumber = made.workNumber ?? (await store.freeWorkNumber())
        const { name, roles, displayName = made.name } = made
        const staffId = await store.insert({ name, displayName, workNumber, roles }, now)
        if (staffId && passwordHash) await store.setPassword(staffId, passwordHash, now)
        if (staffId) return { staffId, name, workNumber, roles }
        const field = (await store.byName(name))
          ? { path: 'name', message: '登录名已有人使用' }
          : { path: 'workNumber', message: '工号已有人使用' }
        throw new Problem('conflict', `${field.path} of new staff is taken`, { fields: [field] })
      })
    },

    /**
     * Hand it the pool: the failure that it counts must outlive the refusal that it throws.
     * @param factor looks at the second factor, once the password was right; a wrong one counts as a failure too.
     * @throws Problem wrong_credentials; otp_required; too_many_requests while locked, the right password or not.
     */
    async signIn(
      name: string,
      password: string,
      now: Date,
      factor: Factor = () => Promise.resolve('none'),
    ): Promise<Actor> {
      if (db.isTransaction) throw new Error('signIn counts failures, so it cannot be part of a transaction')
      const store = staffStore(db)
      const row = await store.byName(name)
      const locked = () => new Problem('too_many_requests', `sign-in of staff ${row?.id} is locked`)
      if (row?.locked_until && row.locked_until > now) throw locked()

      const usable = row?.disabled_at ? null : row?.password_hash
      const isPassword = await verify(usable ?? (await nobodysHash), password)
      if (!row || !usable) throw new Problem('wrong_credentials', 'no such account, or it cannot sign in')
      const second = isPassword ? await factor(row.id) : 'none'
      if (second === 'missing') {
        // Asking for the code tells that the password was right; while the row is locked nothing is told.
        if (await store.isLocked(row.id, now)) throw locked()
        throw new Problem('otp_required', `staff ${row.id} has a second factor`)
      }
      const right = isPassword && second !== 'wrong'
      // Many guesses may be in flight at once. Once one of them brought the lock, the rest hear of nothing else,
      // right or wrong: so no burst of guesses learns more than the failures allowed.
      const counted = right
        ? await store.forgiveFailures(row.id, now)
        : await store.addFailure(row.id, failuresAllowed, new Date(now.getTime() + lockMs), now)
      if (!counted) throw locked()
      if (counted === 'locked') await auditStore(db).record({ act: 'session.locked', subject: row.id }, now)
      if (second === 'wrong')
        throw new Problem('otp_required', `wrong second factor for staff ${row.id}`, { fields: [wrongCode] })
      if (!right) throw new Problem('wrong_credentials', `wrong password for staff ${row.id}`)
      return actorFrom(row)
    },

    /**
     * At every start. Makes the account `admin` if there is none; one that has a password is left alone.
     * @returns the token of a new set-up link while nobody has used one; the links of earlier starts are void.
     */
    async ensureAdmin({ password }: { password?: string }, now: Date): Promise<{ setUpToken?: string }> {
      const passwordHash = password === undefined ? undefined : await hash(password, cost)
      return inTransaction(db, async (tx) => {
        const store = staffStore(tx)
        await store.lockMaking()
        const admin = await store.byName('admin')
        if (admin?.password_hash) return {}
        const id = admin?.id ?? (await store.insert(await firstAdministrator(store), now))
        if (!id) throw new Error('the account admin could not be made')
        if (passwordHash) {
          await store.setPassword(id, passwordHash, now)
          return {}
        }
        const { token: setUpToken } = await this.giveLink(id, now, tx)
        return { setUpToken }
      })
    },

    /** A link by which somebody chooses their password; whoever holds it is told it this once. Earlier ones are void. */
    async giveLink(staffId: string, now: Date, tx: Db = db): Promise<SetUpLink> {
      const token = randomBytes(24).toString('base64url')
      const expiresAt = new Date(now.getTime() + linkMs)
      await setupLinksStore(tx).replace(staffId, hashOf(token), expiresAt)
      return { token, expiresAt: expiresAt.toISOString() }
    },

    /**
     * @param bureau whose name is in no password.
     * @throws Problem invalid_input for a link that is unknown, used or more than a day old, and for a password that may
     *   not be; the link is good for another one then.
     */
    async setUp(token: string, password: string, now: Date, bureau: string): Promise<Actor> {
      const passwordHash = await hash(password, cost)
      return inTransaction(db, async (tx) => {
        const store = staffStore(tx)
        const links = setupLinksStore(tx)
        const owner = await links.ownerOf(hashOf(token))
        const staffId = await links.use(hashOf(token), now)
        if (!owner || !staffId) throw faultyField('token', '链接无效、已用过或已过期')
        await refuseKnown(store, { ...owner, staffId }, { path: 'password', password }, bureau)
        await sessionsStore(tx).endAll(staffId)
        const actor = await store.setPassword(staffId, passwordHash, now)
        await auditStore(tx).record({ staffId, act: 'password.set', subject: staffId }, now)
        return actor
      })
    },

    /** @throws Problem conflict when a colleague has it; not_found. */
    async setExtension(staffId: string, extension: string | null): Promise<void> {
      await inTransaction(db, async (tx) => {
        const store = staffStore(tx)
        await store.lockMaking()
        if (await store.setExtension(staffId, extension)) return
        const fields = [{ path: 'extension', message: '这个分机已分给其他同事' }]
        throw new Problem('conflict', `extension ${extension} is taken`, { fields })
      })
    },

    /** @throws Problem invalid_input when it tells of its holder, or was one of the last five. */
    async changePassword(owner: Owner, password: string, now: Date, bureau: string): Promise<void> {
      const store = staffStore(db)
      await refuseKnown(store, owner, { path: 'newPassword', password }, bureau)
      await store.setPassword(owner.staffId, await hash(password, cost), now)
    },

    list: () => staffStore(db).list(),
  }
}

type Owner = { staffId: string; name: string; workNumber: string; displayName: string }

async function refuseKnown(
  store: ReturnType<typeof staffStore>,
  { staffId, name, workNumber, displayName }: Owner,
  { path, password }: { path: string; password: string },
  bureau: string,
): Promise<void> {
  const fault = passwordFault(password, [name, workNumber, displayName, bureau])
  if (fault) throw faultyField(path, fault)
  const last = await store.lastPasswordHashes(staffId, passwordsKept)
  const isUsed = await Promise.all(last.map((one) => verify(one, password)))
  if (isUsed.includes(true)) throw faultyField(path, `不能与最近用过的 ${passwordsKept} 个密码相同`)
}

async function firstAdministrator(store: ReturnType<typeof staffStore>) {
  const workNumber = await store.freeWorkNumber()
  return { name: 'admin', displayName: '系统管理员', workNumber, roles: ['administrator'] as const }
}

function hashOf(token: string): Buffer {
  return createHash('sha256').update(token).digest()
}

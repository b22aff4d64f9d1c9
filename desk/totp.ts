/**
 * The second factor: a code that changes every 30 seconds (RFC 6238: SHA-1, six digits), or one of the recovery codes
 * that were shown at enrolment. A code is taken once, and one step early or late because clocks differ.
 */
import { createHash, randomInt } from 'node:crypto'
import { Secret, TOTP } from 'otpauth'
import { faultyField, Problem } from '../contract/problem.ts'
import type { TotpBegun } from '../contract/security.ts'
import type { Sealer } from './sealer.ts'
import type { Db } from './tables.ts'
import { totpStore } from './totp.store.ts'
import { inTransaction } from './transaction.ts'

const periodSeconds = 30
const driftSteps = 1
const secretBytes = 20
const codesMade = 10
/** Without letters and digits that look alike; 16 of 32 signs are 80 bits, so a plain hash of a code cannot be searched. */
const signs = 'ABCDEFGHJKLMNPQRSTUVWXYZ23456789'

/** What became of the second factor at signing in: `none` is enrolled, it was `missing`, or what was brought. */
export type FactorVerdict = 'none' | 'missing' | 'wrong' | 'right' | 'recovery'

export function secondFactor(db: Db, sealer: Sealer) {
  const store = totpStore(db)
  return {
    /** Takes the code that it finds right: it is not right a second time. */
    async check(staffId: string, otp: string | undefined, now: Date): Promise<FactorVerdict> {
      const kept = await store.find(staffId)
      if (!kept?.isConfirmed) return 'none'
      const given = otp?.replace(/[\s-]/g, '').toUpperCase() ?? ''
      if (given === '') return 'missing'
      const step = stepOf(sealer.open(kept.sealed), given, now)
      if (step !== undefined) return (await store.take(staffId, step)) ? 'right' : 'wrong'
      return (await store.useCode(staffId, hashOf(given), now)) ? 'recovery' : 'wrong'
    },

    async isEnrolled(staffId: string): Promise<boolean> {
      return (await store.find(staffId))?.isConfirmed ?? false
    },

    /** @throws Problem conflict when one is enrolled. */
    async begin(staff: { id: string; name: string }, issuer: string, now: Date): Promise<TotpBegun> {
      const secret = new Secret({ size: secretBytes })
      if (!(await store.begin(staff.id, sealer.seal(secret.base32), now)))
        throw new Problem('conflict', `staff ${staff.id} has a second factor`)
      return { secret: secret.base32, uri: totpOf(secret, { issuer, label: staff.name }).toString() }
    },

    /** @returns the recovery codes, which nobody can read again. @throws Problem invalid_input for a wrong code. */
    async confirm(staffId: string, code: string, now: Date): Promise<string[]> {
      const kept = await store.find(staffId)
      if (!kept) throw faultyField('code', '请先取得二维码')
      if (kept.isConfirmed) throw new Problem('conflict', `staff ${staffId} has a second factor`)
      const step = stepOf(sealer.open(kept.sealed), code, now)
      if (step === undefined) throw faultyField('code', '验证码不对，请核对手机时间后再试')
      const codes = Array.from({ length: codesMade }, recoveryCode)
      await inTransaction(db, async (tx) => {
        const inTx = totpStore(tx)
        if (!(await inTx.take(staffId, step))) throw faultyField('code', '这个验证码已用过，请等下一个')
        await inTx.confirm(staffId, now)
        await inTx.replaceCodes(
          staffId,
          codes.map((one) => hashOf(one.replaceAll('-', ''))),
        )
      })
      return codes
    },

    remove: (staffId: string) => store.remove(staffId),
    codesLeft: (staffId: string) => store.codesLeft(staffId),
  }
}

function totpOf(secret: Secret, named: { issuer?: string; label?: string } = {}): TOTP {
  return new TOTP({ ...named, secret, algorithm: 'SHA1', digits: 6, period: periodSeconds })
}

/** @returns the step (30 s since 1970) that the code is of; undefined when it is of none that is near enough. */
function stepOf(base32: string, code: string, now: Date): number | undefined {
  if (!/^\d{6}$/.test(code)) return undefined
  const timestamp = now.getTime()
  const delta = totpOf(Secret.fromBase32(base32)).validate({ token: code, timestamp, window: driftSteps })
  return delta === null ? undefined : Math.floor(timestamp / 1_000 / periodSeconds) + delta
}

/** "K7QM-2XWP-9DHT-4RBC" */
function recoveryCode(): string {
  const drawn = Array.from({ length: 16 }, () => signs.charAt(randomInt(signs.length))).join('')
  return drawn.match(/.{4}/g)?.join('-') ?? drawn
}

function hashOf(code: string): Buffer {
  return createHash('sha256').update(code).digest()
}

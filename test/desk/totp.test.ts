/** The second factor: RFC 6238's own values, one step of drift, never the same code twice, recovery codes once. */
import { Secret, TOTP } from 'otpauth'
import { afterAll, beforeAll, expect, it } from 'vitest'
import { secondFactor } from '../../desk/totp.ts'
import { keyRing } from '../../server/key-ring.ts'
import { aDatabase, type TestDatabase } from '../support/postgres.ts'
import { aColleague, sundayNoon } from './rows.ts'

const sealer = keyRing({ current: 'k1', keys: { k1: Buffer.alloc(32, 7).toString('base64') } })
let database: TestDatabase
beforeAll(async () => void (database = await aDatabase()))
afterAll(() => database.drop())

const factor = () => secondFactor(database.db, sealer)
const secondsAfter = (seconds: number) => new Date(sundayNoon.getTime() + seconds * 1_000)
const codeAt = (secret: string, at: Date) =>
  new TOTP({ secret: Secret.fromBase32(secret), algorithm: 'SHA1', digits: 6, period: 30 }).generate({
    timestamp: at.getTime(),
  })

async function enrolled() {
  const { staffId } = await aColleague(database.pool, 'administrator')
  const { secret, uri } = await factor().begin({ id: staffId, name: 'admin' }, '医疗保障咨询', sundayNoon)
  const codes = await factor().confirm(staffId, codeAt(secret, sundayNoon), sundayNoon)
  return { staffId, secret, uri, codes }
}

it('makes the codes of RFC 6238, so that every authenticator does', () => {
  const secret = Secret.fromLatin1('12345678901234567890')
  const of = (seconds: number) =>
    new TOTP({ secret, algorithm: 'SHA1', digits: 8, period: 30 }).generate({ timestamp: seconds * 1_000 })
  expect([59, 1_111_111_109, 20_000_000_000].map(of)).toEqual(['94287082', '07081804', '65353130'])
})

it('asks for nothing before the first code confirmed it', async () => {
  const { staffId } = await aColleague(database.pool, 'auditor')
  expect(await factor().check(staffId, undefined, sundayNoon)).toBe('none')
  const { secret } = await factor().begin({ id: staffId, name: 'a' }, 'x', sundayNoon)
  expect(await factor().check(staffId, undefined, sundayNoon)).toBe('none')
  const wrong = factor().confirm(staffId, '000000', sundayNoon)
  await expect(wrong).rejects.toMatchObject({ code: 'invalid_input', fields: [{ path: 'code' }] })
  await factor().confirm(staffId, codeAt(secret, sundayNoon), sundayNoon)
  expect(await factor().check(staffId, undefined, sundayNoon)).toBe('missing')
  expect(await factor().check(staffId, '', sundayNoon)).toBe('missing')
})

it('tells the authenticator whose account it is, and keeps the secret sealed', async () => {
  const { secret, uri } = await enrolled()
  expect(decodeURIComponent(uri)).toMatch(
    /^otpauth:\/\/totp\/医疗保障咨询:admin\?issuer=医疗保障咨询&secret=[A-Z2-7]{32}&/,
  )
  const { rows } = await database.pool.query<{ row: string }>('select t::text as row from staff_totp t')
  expect(rows.map(({ row }) => row).join('\n')).not.toContain(secret)
})

it.each([
  [-31, 'right'],
  [0, 'right'],
  [31, 'right'],
  [-91, 'wrong'],
  [91, 'wrong'],
])('takes a code of a clock that is %i seconds off as %s', async (off, verdict) => {
  const { staffId, secret } = await enrolled()
  const now = secondsAfter(615)
  expect(await factor().check(staffId, codeAt(secret, secondsAfter(615 + off)), now)).toBe(verdict)
})

it('takes a code once, also when it comes twice at the same moment, and none before it', async () => {
  const { staffId, secret } = await enrolled()
  const now = secondsAfter(300)
  const code = codeAt(secret, now)
  const both = await Promise.all([1, 2, 3].map(() => factor().check(staffId, code, now)))
  expect(both.sort()).toEqual(['right', 'wrong', 'wrong'])
  expect(await factor().check(staffId, codeAt(secret, secondsAfter(270)), now)).toBe('wrong')
  expect(await factor().check(staffId, codeAt(secret, secondsAfter(330)), secondsAfter(330))).toBe('right')
})

it('does not take again the code that confirmed it', async () => {
  const { staffId, secret } = await enrolled()
  expect(await factor().check(staffId, codeAt(secret, sundayNoon), sundayNoon)).toBe('wrong')
})

it('gives ten recovery codes, each taken once, however it is typed', async () => {
  const { staffId, codes } = await enrolled()
  const [first = '', second = ''] = codes
  expect(new Set(codes).size).toBe(10)
  for (const code of codes) expect(code).toMatch(/^([A-HJ-NP-Z2-9]{4}-){3}[A-HJ-NP-Z2-9]{4}$/)
  expect(await factor().check(staffId, first.toLowerCase().replaceAll('-', ' '), sundayNoon)).toBe('recovery')
  expect(await factor().check(staffId, first, sundayNoon)).toBe('wrong')
  expect(await factor().codesLeft(staffId)).toBe(9)
  const both = await Promise.all([1, 2].map(() => factor().check(staffId, second, sundayNoon)))
  expect(both.sort()).toEqual(['recovery', 'wrong'])
  const { rows } = await database.pool.query<{ row: string }>('select r::text as row from recovery_code r')
  expect(rows.map(({ row }) => row).join('\n')).not.toContain(second.replaceAll('-', ''))
})

it('is enrolled once at a time, and gone with its codes when it is removed', async () => {
  const { staffId, codes } = await enrolled()
  await expect(factor().begin({ id: staffId, name: 'a' }, 'x', sundayNoon)).rejects.toMatchObject({ code: 'conflict' })
  expect(await factor().remove(staffId)).toBe(true)
  expect(await factor().remove(staffId)).toBe(false)
  expect(await factor().check(staffId, codes[3], sundayNoon)).toBe('none')
  await factor().begin({ id: staffId, name: 'a' }, 'x', sundayNoon)
})

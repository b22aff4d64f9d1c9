import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { offices } from '../../contract/staff.ts'
import { sessionsStore } from '../../desk/sessions.store.ts'
import { staff, type Staff } from '../../desk/staff.ts'
import { staffStore } from '../../desk/staff.store.ts'
import { aDatabase, type TestDatabase } from '../support/postgres.ts'
import { hoursAfter, sundayNoon } from './rows.ts'

let database: TestDatabase
let desk: Staff
beforeAll(async () => {
  database = await aDatabase()
  desk = staff(database.db)
})
afterAll(() => database.drop())

const password = 'Zuo-xi-2026'
const bureau = '淮北市医疗保障局'
const minutesAfter = (minutes: number) => hoursAfter(sundayNoon, minutes / 60)
let made = 0
async function aMember() {
  return desk.create({ name: `member${++made}`, password, roles: ['agent'] }, sundayNoon)
}

describe('making staff', () => {
  it('gives work numbers nobody has, also to those made at the same moment', async () => {
    await desk.create({ name: 'byhand', password, roles: ['agent'], workNumber: '1002' }, sundayNoon)
    const many = await Promise.all(Array.from({ length: 5 }, () => aMember()))
    expect(many.map(({ workNumber }) => workNumber).sort()).toEqual(['1001', '1003', '1004', '1005', '1006'])
  })

  it('says which field somebody else has, and makes nobody', async () => {
    const { name, workNumber } = await aMember()
    const before = (await desk.list()).length
    await expect(desk.create({ name, password, roles: ['editor'] }, sundayNoon)).rejects.toMatchObject({
      code: 'conflict',
      fields: [{ path: 'name' }],
    })
    await expect(
      desk.create({ name: 'somebody', password, roles: ['editor'], workNumber }, sundayNoon),
    ).rejects.toMatchObject({ code: 'conflict', fields: [{ path: 'workNumber' }] })
    expect(await desk.list()).toHaveLength(before)
  })

  it('names people to citizens by their work numbers', async () => {
    const [one, other] = [await aMember(), await aMember()]
    const numbers = await staffStore(database.db).workNumbers([one.staffId, other.staffId])
    expect(numbers.get(one.staffId)).toBe(one.workNumber)
    expect(numbers.get(other.staffId)).toBe(other.workNumber)
    expect((await staffStore(database.db).workNumbers([])).size).toBe(0)
  })

  it('keeps no password, only its argon2id hash at 19 MiB', async () => {
    await aMember()
    const { rows } = await database.pool.query<{ password_hash: string }>('select password_hash from staff')
    for (const { password_hash } of rows) expect(password_hash).toMatch(/^\$argon2id\$v=19\$m=19456,t=2,p=1\$/)
  })
})

describe('the desk phone of a member', () => {
  it('is set, changed and taken away', async () => {
    const { staffId } = await aMember()
    const extension = async () => staffStore(database.db).extensionOf(staffId)
    expect(await extension()).toBeUndefined()
    await desk.setExtension(staffId, '8001')
    expect(await extension()).toBe('8001')
    await desk.setExtension(staffId, '8001')
    await desk.setExtension(staffId, '8002')
    expect((await desk.list()).find(({ id }) => id === staffId)?.extension).toBe('8002')
    await desk.setExtension(staffId, null)
    expect(await extension()).toBeUndefined()
  })

  it('is nobody else’s, also when two want it at the same moment', async () => {
    const [one, other] = [await aMember(), await aMember()]
    await desk.setExtension(one.staffId, '8010')
    await expect(desk.setExtension(other.staffId, '8010')).rejects.toMatchObject({
      code: 'conflict',
      fields: [{ path: 'extension' }],
    })
    const both = [one, other].map(({ staffId }) => desk.setExtension(staffId, '8011'))
    expect((await Promise.allSettled(both)).map(({ status }) => status).sort()).toEqual(['fulfilled', 'rejected'])
  })

  it('belongs to somebody who is there', async () => {
    await expect(desk.setExtension(crypto.randomUUID(), '8020')).rejects.toMatchObject({ code: 'not_found' })
  })
})

describe('signing in', () => {
  it('knows who has the right password', async () => {
    const member = await aMember()
    expect(await desk.signIn(member.name, password, sundayNoon)).toEqual(member)
  })

  it('refuses a wrong password, an unknown name and a disabled account alike, after hashing for each', async () => {
    const disabled = await aMember()
    await database.pool.query('update staff set disabled_at = created_at where id = $1', [disabled.staffId])
    const { name } = await aMember()
    const took = async (name: string, tried: string) => {
      const started = performance.now()
      await expect(desk.signIn(name, tried, sundayNoon)).rejects.toMatchObject({ code: 'wrong_credentials' })
      return performance.now() - started
    }
    await took(name, 'Wrong-2026')
    await took(disabled.name, password)
    // A refusal without hashing takes about a millisecond; the fastest of several is what the work itself takes.
    const unknown = [await took('nobody', password), await took('nobody', password), await took('nobody', password)]
    const wrong = [await took(name, 'Wrong-2026'), await took(name, 'Wrong-2026'), await took(name, 'Wrong-2026')]
    expect(Math.min(...unknown)).toBeGreaterThan(Math.min(...wrong) / 3)
  })

  it('locks for a quarter of an hour after five failures, the right password included', async () => {
    const { name } = await aMember()
    for (let i = 0; i < 5; i++)
      await expect(desk.signIn(name, 'Wrong-2026', minutesAfter(i))).rejects.toMatchObject({
        code: 'wrong_credentials',
      })
    const locked = { code: 'too_many_requests' }
    await expect(desk.signIn(name, password, minutesAfter(5))).rejects.toMatchObject(locked)
    await expect(desk.signIn(name, password, minutesAfter(18.9))).rejects.toMatchObject(locked)
    await expect(desk.signIn(name, 'Wrong-2026', minutesAfter(19))).rejects.toMatchObject({ code: 'wrong_credentials' })
    expect(await desk.signIn(name, password, minutesAfter(20))).toMatchObject({ name })
  })

  it('forgets failures once the right password came', async () => {
    const { name } = await aMember()
    for (let round = 0; round < 3; round++) {
      for (let i = 0; i < 4; i++)
        await expect(desk.signIn(name, 'Wrong-2026', sundayNoon)).rejects.toMatchObject({ code: 'wrong_credentials' })
      expect(await desk.signIn(name, password, sundayNoon)).toMatchObject({ name })
    }
  })

  it('counts every one of twelve failures in the same moment, and tells five of them apart from a lock', async () => {
    const { name } = await aMember()
    const tried = await Promise.allSettled(
      Array.from({ length: 12 }, () => desk.signIn(name, 'Wrong-2026', sundayNoon)),
    )
    const codes = tried.map((one) => (one.status === 'rejected' ? codeOf(one.reason) : 'signed in'))
    expect(codes.filter((code) => code === 'wrong_credentials')).toHaveLength(5)
    expect(codes.filter((code) => code === 'too_many_requests')).toHaveLength(7)
  })

  it('lets the same person in from many windows at once', async () => {
    const { name } = await aMember()
    const many = await Promise.all(Array.from({ length: 8 }, () => desk.signIn(name, password, sundayNoon)))
    expect(many).toHaveLength(8)
  })

  it('does not run inside a transaction, which would take its counting back', async () => {
    await expect(
      database.db.transaction().execute((tx) => staff(tx).signIn('nobody', password, sundayNoon)),
    ).rejects.toThrow('part of a transaction')
  })
})

describe('the first administrator', () => {
  it('gets a new link at every start until one was used, and the older ones are void', async () => {
    const first = (await desk.ensureAdmin({}, sundayNoon)).setUpToken ?? ''
    const second = (await desk.ensureAdmin({}, sundayNoon)).setUpToken ?? ''
    expect(Buffer.from(second, 'base64url').length).toBeGreaterThanOrEqual(16)
    await expect(desk.signIn('admin', password, sundayNoon)).rejects.toMatchObject({ code: 'wrong_credentials' })
    const refused = { code: 'invalid_input', fields: [{ path: 'token' }] }
    await expect(desk.setUp(first, password, sundayNoon, bureau)).rejects.toMatchObject(refused)
    await expect(desk.setUp(second, password, hoursAfter(sundayNoon, 24), bureau)).rejects.toMatchObject(refused)

    const both = await Promise.allSettled([1, 2].map(() => desk.setUp(second, password, sundayNoon, bureau)))
    expect(both.map(({ status }) => status).sort()).toEqual(['fulfilled', 'rejected'])
    expect(await desk.signIn('admin', password, sundayNoon)).toMatchObject({ roles: ['administrator'] })
    expect(await desk.ensureAdmin({}, sundayNoon)).toEqual({})
    await expect(desk.setUp(second, password, sundayNoon, bureau)).rejects.toMatchObject(refused)

    await desk.ensureAdmin({ password: 'Another-2026' }, sundayNoon)
    expect(await desk.signIn('admin', password, sundayNoon)).toMatchObject({ name: 'admin' })
    const { rows } = await database.pool.query<{ row: string }>('select s::text as row from setup_link s')
    expect(rows.some(({ row }) => row.includes(second))).toBe(false)
  })

  it('is made once, with the password handed in, by however many nodes that start', async () => {
    const fresh = await aDatabase()
    try {
      const nodes = await Promise.all([1, 2, 3].map(() => staff(fresh.db).ensureAdmin({ password }, sundayNoon)))
      expect(nodes).toEqual([{}, {}, {}])
      expect(await staff(fresh.db).list()).toMatchObject([{ name: 'admin', workNumber: '1001', ready: true }])
      expect(await staff(fresh.db).signIn('admin', password, sundayNoon)).toMatchObject({ name: 'admin' })
    } finally {
      await fresh.drop()
    }
  })
})

describe('a password that somebody chooses', () => {
  const refusedFor = (words: string) => ({ code: 'invalid_input', fields: [{ path: 'newPassword', message: words }] })

  it('is none of their last five, and may come back after that', async () => {
    const member = await aMember()
    const owner = { ...member, displayName: '王芳' }
    const change = (to: string, minutes: number) => desk.changePassword(owner, to, minutesAfter(minutes), bureau)
    const names = ['Linden', 'Poplar', 'Willow', 'Juniper', 'Cypress'].map((tree) => `${tree}-Grove-7`)
    for (const [at, name] of names.entries()) await change(name, at + 1)
    for (const name of names)
      await expect(change(name, 6)).rejects.toMatchObject(refusedFor('不能与最近用过的 5 个密码相同'))
    await change(password, 7)
    await change(names[0] ?? '', 8)
  })

  it.each([
    ['their name', (name: string) => `${name}-Zuo-xi`],
    ['their work number', (_: string, number: string) => `Zuo-xi-abx-${number}`],
    ['the bureau', () => 'Zuo-淮北市医疗保障局-1'],
  ])('does not tell of them by %s, by link as in the console', async (_, made) => {
    const member = await aMember()
    const telling = made(member.name, member.workNumber)
    const words = '密码里不能有您的登录名、姓名、工号或单位名称'
    const owner = { ...member, displayName: '王芳' }
    await expect(desk.changePassword(owner, telling, sundayNoon, bureau)).rejects.toMatchObject(refusedFor(words))
    const { token } = await desk.giveLink(member.staffId, sundayNoon)
    await expect(desk.setUp(token, telling, sundayNoon, bureau)).rejects.toMatchObject({
      fields: [{ path: 'password', message: words }],
    })
    await expect(desk.setUp(token, password, sundayNoon, bureau)).rejects.toMatchObject({
      fields: [{ path: 'password' }],
    })
    expect(await desk.setUp(token, 'Linden-Grove-7', sundayNoon, bureau)).toMatchObject({ name: member.name })
  })
})

describe('a session', () => {
  it('is found by its cookie, and its token is nowhere in the database', async () => {
    const sessions = sessionsStore(database.db)
    const member = await aMember()
    const { token, csrf } = await sessions.create(member.staffId, sundayNoon)
    expect(Buffer.from(token, 'base64url')).toHaveLength(32)
    expect(await sessions.find(token, sundayNoon)).toEqual({
      actor: member,
      displayName: member.name,
      csrf,
      standsIn: [],
      mustEnrol: false,
      isUnconfirmed: false,
      idleEndsAt: minutesAfter(30),
    })
    expect(await sessions.find(`${token}A`, sundayNoon)).toBeUndefined()
    const { rows } = await database.pool.query<{ row: string }>('select s::text as row from staff_session s')
    expect(rows.some(({ row }) => row.includes(token))).toBe(false)
  })

  it('ends half an hour after its person last did something, however often their page asks', async () => {
    const sessions = sessionsStore(database.db)
    const { staffId } = await aMember()
    const { token } = await sessions.create(staffId, sundayNoon)
    expect(await sessions.find(token, minutesAfter(20), 'use')).toMatchObject({ idleEndsAt: minutesAfter(50) })
    for (let minutes = 21; minutes < 50; minutes++)
      expect(await sessions.find(token, minutesAfter(minutes))).toMatchObject({ idleEndsAt: minutesAfter(50) })
    expect(await sessions.find(token, minutesAfter(50))).toBeUndefined()
    expect(await sessions.find(token, minutesAfter(50), 'use')).toBeUndefined()
  })

  it.each(offices)('of an office ends after a quarter: %s', async (office) => {
    const sessions = sessionsStore(database.db)
    const { staffId } = await desk.create({ name: `idle-${office}`, password, roles: [office] }, sundayNoon)
    const { token } = await sessions.create(staffId, sundayNoon)
    expect(await sessions.find(token, minutesAfter(14.9))).toBeDefined()
    expect(await sessions.find(token, minutesAfter(15))).toBeUndefined()
  })

  it('ends after twelve hours whoever is busy', async () => {
    const sessions = sessionsStore(database.db)
    const { token } = await sessions.create((await aMember()).staffId, sundayNoon)
    for (let minutes = 20; minutes < 12 * 60; minutes += 20)
      expect(await sessions.find(token, minutesAfter(minutes), 'use')).toBeDefined()
    expect(await sessions.find(token, minutesAfter(12 * 60))).toBeUndefined()
  })

  it('lasts through a call that touches no key, and is not woken by one after it ended', async () => {
    const speaking = new Set<string>()
    const isSpeaking = (staffId: string) => Promise.resolve(speaking.has(staffId))
    const sessions = sessionsStore(database.db, { isSpeaking })
    const { staffId } = await aMember()
    const [here, elsewhere] = [await sessions.create(staffId, sundayNoon), await sessions.create(staffId, sundayNoon)]
    speaking.add(staffId)
    for (let minutes = 10; minutes <= 60; minutes += 10)
      expect(await sessions.find(here.token, minutesAfter(minutes))).toBeDefined()
    expect(await sessions.find(elsewhere.token, minutesAfter(60))).toBeUndefined()
    speaking.clear()
    expect(await sessions.find(here.token, minutesAfter(89))).toBeDefined()
    expect(await sessions.find(here.token, minutesAfter(90))).toBeUndefined()
  })

  it('is written to at most once a minute', async () => {
    const sessions = sessionsStore(database.db)
    const { staffId } = await aMember()
    const { token } = await sessions.create(staffId, sundayNoon)
    const seenAt = async () => {
      const { rows } = await database.pool.query<{ seen_at: Date }>(
        'select seen_at from staff_session where staff_id = $1',
        [staffId],
      )
      return rows[0]?.seen_at
    }
    await sessions.find(token, minutesAfter(0.9), 'use')
    expect(await seenAt()).toEqual(sundayNoon)
    await sessions.find(token, minutesAfter(1), 'use')
    expect(await seenAt()).toEqual(minutesAfter(1))
  })

  it('ends when it is ended, with all others of that person, or when the account is disabled', async () => {
    const sessions = sessionsStore(database.db)
    const member = await aMember()
    const open = () => sessions.create(member.staffId, sundayNoon)
    const [one, two, three] = [await open(), await open(), await open()]
    await sessions.end(one.token)
    expect(await sessions.find(one.token, sundayNoon)).toBeUndefined()
    expect(await sessions.find(two.token, sundayNoon)).toBeDefined()
    await sessions.endAll(member.staffId)
    expect(await sessions.find(two.token, sundayNoon)).toBeUndefined()
    expect(await sessions.find(three.token, sundayNoon)).toBeUndefined()

    const last = await open()
    await database.pool.query('update staff set disabled_at = created_at where id = $1', [member.staffId])
    expect(await sessions.find(last.token, sundayNoon)).toBeUndefined()
  })
})

function codeOf(reason: unknown): unknown {
  return reason && typeof reason === 'object' && 'code' in reason ? reason.code : reason
}

/** Jobs on a real database: with their cause or not at all, once in effect, whoever dies. */
import { fork, type ChildProcess } from 'node:child_process'
import { once } from 'node:events'
import { join } from 'node:path'
import { pino } from 'pino'
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest'
import { z } from 'zod'
import { jobs, type Jobs } from '../../server/jobs.ts'
import { aDatabase, type TestDatabase } from '../support/postgres.ts'

const log = pino({ level: 'silent' })
const dayMs = 24 * 3_600_000
const start = new Date('2026-11-22T10:00:00+08:00')
const shape = z.object({ n: z.number() })

let database: TestDatabase
let now = start
const running: Jobs[] = []

beforeAll(async () => {
  database = await aDatabase()
  await database.pool.query('create table effect (n integer not null, by text not null)')
})
afterEach(async () => {
  for (const one of running.splice(0)) await one.stop()
  await database.pool.query('truncate effect')
  await database.pool.query('delete from jobs.job')
  await database.pool.query('delete from jobs.later')
  await database.pool.query('delete from jobs.repeated')
  now = start
})
afterAll(() => database.drop())

function aNode(): Jobs {
  const { db, pool } = database
  const node = jobs({ db, pool, log, now: () => now, maintainSeconds: 1 })
  running.push(node)
  return node
}

/** A node whose one kind of work keeps what it was given. */
async function aNoter(fail: (n: number, attempt: number) => boolean = () => false) {
  const node = aNode()
  const done: number[] = []
  node.work(
    'note',
    shape,
    ({ n }, { attempt }) => {
      if (fail(n, attempt)) return Promise.reject(new Error(`no ${n}, ring 13800138000`))
      done.push(n)
      return Promise.resolve()
    },
    { retries: 1, retrySeconds: 0 },
  )
  await node.start()
  return { node, done }
}
const inTx = <T>(run: (tx: TestDatabase['db']) => Promise<T>) => database.db.transaction().execute(run)
const until = async (is: () => Promise<boolean>) => {
  while (!(await is())) await new Promise((resolve) => setTimeout(resolve, 50))
}

describe('a job', () => {
  it('is done when its cause is kept, and was never there when it is not', async () => {
    const { node, done } = await aNoter()
    await inTx((tx) => node.send(tx, 'note', { n: 1 }))
    await expect(
      inTx(async (tx) => {
        await node.send(tx, 'note', { n: 2 })
        await node.send(tx, 'note', { n: 3 }, { startAfter: new Date(now.getTime() + dayMs) })
        throw new Error('the business failed')
      }),
    ).rejects.toThrow('the business failed')
    await node.tick()
    now = new Date(now.getTime() + 2 * dayMs)
    await node.tick()
    expect(done).toEqual([1])
  })

  it('waits by the business clock, neither sooner nor later', async () => {
    const { node, done } = await aNoter()
    await inTx((tx) => node.send(tx, 'note', { n: 1 }, { startAfter: new Date(start.getTime() + dayMs) }))
    now = new Date(start.getTime() + dayMs - 1)
    await node.tick()
    expect(done).toEqual([])
    now = new Date(start.getTime() + dayMs)
    await node.tick()
    expect(done).toEqual([1])
  })

  it('waits once of a key, and can be sent again when it was done', async () => {
    const { node, done } = await aNoter()
    const send = () => inTx((tx) => node.send(tx, 'note', { n: 1 }, { singletonKey: 'one' }))
    expect([await send(), await send()]).toEqual([true, false])
    await node.tick()
    expect(await send()).toBe(true)
    await node.tick()
    expect(done).toEqual([1, 1])
  })

  it('can be taken back while it waits for its time', async () => {
    const { node, done } = await aNoter()
    const startAfter = new Date(start.getTime() + dayMs)
    await inTx((tx) => node.send(tx, 'note', { n: 1 }, { startAfter, singletonKey: 'one' }))
    expect(await inTx((tx) => node.cancel(tx, 'note', 'one'))).toBe(true)
    expect(await inTx((tx) => node.cancel(tx, 'note', 'one'))).toBe(false)
    now = startAfter
    await node.tick()
    expect(done).toEqual([])
  })

  it('goes with many others in one call', async () => {
    const { node, done } = await aNoter()
    const startAfter = new Date(start.getTime() + dayMs)
    const all = Array.from({ length: 60 }, (_, n) => ({ data: { n }, ...(n % 2 && { startAfter }) }))
    await inTx((tx) => node.sendMany(tx, 'note', all))
    await node.tick()
    expect(done).toHaveLength(30)
    now = startAfter
    await node.tick()
    expect(done.sort((a, b) => a - b)).toEqual(all.map(({ data }) => data.n))
  })

  it('is followed by the next one at once, without another look', async () => {
    const { node, done } = await aNoter()
    await inTx((tx) =>
      node.sendMany(
        tx,
        'note',
        Array.from({ length: 23 }, (_, n) => ({ data: { n } })),
      ),
    )
    await node.look()
    await until(() => Promise.resolve(done.length === 23))
    expect(new Set(done).size).toBe(23)
  })

  it('is refused when nobody does such work, or when its data is not what the work takes', async () => {
    const { node } = await aNoter()
    await expect(inTx((tx) => node.send(tx, 'nothing', { n: 1 }))).rejects.toThrow('no work is called nothing')
    await expect(inTx((tx) => node.send(tx, 'note', { n: 'one' }))).rejects.toThrow('n: ')
  })
})

describe('a job that fails', () => {
  it('is tried again, then kept as dead without a number in its words, and comes back when it is sent again', async () => {
    const { node, done } = await aNoter((n, attempt) => n === 1 || attempt === 1)
    await inTx((tx) => node.sendMany(tx, 'note', [{ data: { n: 1 } }, { data: { n: 2 } }]))
    await until(async () => {
      await node.tick()
      return done.length === 1 && (await node.dead()).length === 1
    })
    expect(done).toEqual([2])
    const [dead] = await node.dead()
    expect(dead).toMatchObject({ name: 'note', about: '{"n":1}', cause: 'no 1, ring 138****8000' })
    await node.again(database.db, 'note', dead?.id ?? '')
    expect(await node.dead()).toEqual([])
  })
})

describe('repeated work', () => {
  const counted = (times: number | string) => {
    const node = aNode()
    const runs: Date[] = []
    node.every('round', times, (job) => Promise.resolve(void runs.push(job.now)))
    return { node, runs }
  }

  it('is done once a slot by one of two nodes, and what was missed is made up for once', async () => {
    const [one, two] = [counted('0 3 * * *'), counted('0 3 * * *')]
    await one.node.start()
    await two.node.start()
    const tick = () => Promise.all([one.node.tick(), two.node.tick()])
    await tick()
    expect([...one.runs, ...two.runs]).toEqual([])
    now = new Date(start.getTime() + dayMs)
    await tick()
    await tick()
    expect([...one.runs, ...two.runs]).toEqual([now])
    now = new Date(start.getTime() + 5 * dayMs)
    await tick()
    await tick()
    expect([...one.runs, ...two.runs]).toHaveLength(2)
  })

  it('is not done again by a node that starts in the same slot', async () => {
    const first = counted(3_600)
    await first.node.start()
    await first.node.tick()
    expect(first.runs).toHaveLength(1)
    await first.node.stop()
    const second = counted(3_600)
    await second.node.start()
    await second.node.tick()
    expect(second.runs).toEqual([])
    now = new Date(start.getTime() + 3_600_000)
    await second.node.tick()
    expect(second.runs).toEqual([now])
  })
})

it('puts back at once what a node had in hand when it stopped', async () => {
  const { node: sender, done } = await aNoter()
  const stuck = aNode()
  let begun = false
  const handle = () => {
    begun = true
    return new Promise<void>(() => undefined)
  }
  stuck.work('note', shape, handle, { retries: 1, retrySeconds: 0 })
  await stuck.start()
  await inTx((tx) => sender.send(tx, 'note', { n: 7 }))
  await stuck.look()
  expect(begun).toBe(true)
  await stuck.stop(10)
  await until(async () => {
    await sender.tick()
    return done.length > 0
  })
  expect(done).toEqual([7])
})

describe('two processes on one database', () => {
  const children: ChildProcess[] = []
  afterEach(() => children.splice(0).forEach((child) => child.kill('SIGKILL')))

  async function aChild(by: string, hangs = '') {
    const file = join(import.meta.dirname, 'jobs-child.ts')
    const child = fork(file, [database.url, by, hangs], { execArgv: ['--import', 'tsx'] })
    children.push(child)
    await once(child, 'message')
    return child
  }

  it('do every job once, though one of them is killed with jobs in hand', async () => {
    const { node: sender } = await aSender()
    const doomed = await aChild('doomed', 'hangs')
    const holding = once(doomed, 'message')
    const numbers = Array.from({ length: 40 }, (_, n) => n)
    await inTx((tx) =>
      sender.sendMany(
        tx,
        'note',
        numbers.map((n) => ({ data: { n } })),
      ),
    )
    await holding
    doomed.kill('SIGKILL')
    await once(doomed, 'exit')
    await aChild('survivor')
    await until(async () => (await effects()).length >= numbers.length)
    const all = await effects()
    expect(all.map(({ n }) => n).sort((a, b) => a - b)).toEqual(numbers)
    const byDoomed = all.filter(({ by }) => by === 'doomed').length
    expect(byDoomed).toBeGreaterThanOrEqual(5)
    expect(byDoomed).toBeLessThan(numbers.length)
  })

  /** Puts jobs in and does none. */
  async function aSender() {
    const node = aNode()
    node.work('note', shape, () => Promise.resolve(), { withinSeconds: 2, retrySeconds: 1 })
    await node.start()
    return { node }
  }
  const effects = async () => (await database.pool.query<{ n: number; by: string }>('select n, by from effect')).rows
})

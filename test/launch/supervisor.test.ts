import { expect, it } from 'vitest'
import { pauseSeconds, supervise, type Child } from '../../launch/supervisor.mjs'

/** A child that writes down what happens to it; `die` ends the life it is living. */
function aChild(name: string, diary: string[]) {
  let die: (code: number) => void = () => {}
  const child: Child = {
    name,
    start() {
      diary.push(`${name} up`)
      const ended = new Promise<number>((resolve) => (die = resolve))
      return Promise.resolve({
        ended,
        stop() {
          diary.push(`${name} down`)
          die(0)
          return Promise.resolve()
        },
      })
    },
  }
  return { child, die: (code: number) => die(code) }
}
const settled = () => new Promise((resolve) => setTimeout(resolve, 20))

it('starts in order and stops in the opposite one', async () => {
  const diary: string[] = []
  const stop = new AbortController()
  const children = [aChild('database', diary).child, aChild('server', diary).child]
  const done = supervise(children, { say: () => {}, stopAsked: stop.signal })
  await settled()
  stop.abort()
  expect(await done).toBe(0)
  expect(diary).toEqual(['database up', 'server up', 'server down', 'database down'])
})

it('brings back a child that died, and says so', async () => {
  const diary: string[] = []
  const said: string[] = []
  const stop = new AbortController()
  const server = aChild('server', diary)
  const done = supervise([server.child], { say: (line) => said.push(line), stopAsked: stop.signal })
  await settled()
  server.die(1)
  await expect.poll(() => diary, { timeout: 5_000 }).toEqual(['server up', 'server up'])
  stop.abort()
  expect(await done).toBe(0)
  expect(diary.at(-1)).toBe('server down')
  expect(said).toEqual(['server 意外退出（1），1 秒后重启'])
})

it('stops everything when a child says its settings are wrong', async () => {
  const diary: string[] = []
  const server = aChild('server', diary)
  const children = [aChild('database', diary).child, server.child]
  const done = supervise(children, { say: () => {}, stopAsked: new AbortController().signal })
  await settled()
  server.die(78)
  expect(await done).toBe(1)
  expect(diary).toEqual(['database up', 'server up', 'database down'])
})

it('stops those already up when the next one cannot start', async () => {
  const diary: string[] = []
  const broken: Child = { name: 'server', start: () => Promise.reject(new Error('no such file')) }
  const done = supervise([aChild('database', diary).child, broken], {
    say: () => {},
    stopAsked: new AbortController().signal,
  })
  await expect(done).rejects.toThrow('no such file')
  expect(diary).toEqual(['database up', 'database down'])
})

it('does not bring back a child while everything is being stopped', async () => {
  const diary: string[] = []
  const stop = new AbortController()
  const server = aChild('server', diary)
  const done = supervise([server.child], { say: () => {}, stopAsked: stop.signal })
  await settled()
  server.die(1)
  await settled()
  stop.abort()
  expect(await done).toBe(0)
  expect(diary).toEqual(['server up'])
})

it('waits longer after each death in a row, half a minute at most', () => {
  expect([1, 2, 3, 4, 5, 6, 50].map(pauseSeconds)).toEqual([1, 2, 4, 8, 16, 30, 30])
})

import { expect, it } from 'vitest'
import { fewAtOnce } from '../../wechat/few-at-once.ts'

it('works on all, never on more than eight at once, and tells of what failed when all is done', async () => {
  const done: number[] = []
  let [now, most] = [0, 0]
  const work = async (n: number) => {
    most = Math.max(most, ++now)
    await Promise.resolve()
    now--
    if (n % 10 === 0) throw new Error(`no ${n}`)
    done.push(n)
  }
  const all = Array.from({ length: 50 }, (_, n) => n)
  await expect(fewAtOnce(all, work)).rejects.toMatchObject({ message: '5 of 50 failed' })
  expect(done).toHaveLength(45)
  expect(most).toBe(8)
})

import fc from 'fast-check'
import { expect, it } from 'vitest'
import { turnstile } from '../../wechat/turnstile.ts'

/** Works that end when they are told to, and a clock that is set by hand. */
function aTurnstile(atOnce: number) {
  let at = 0
  const begun: string[] = []
  const endings = new Map<string, () => void>()
  const gate = turnstile({ atOnce, heardForMs: 3_000, now: () => new Date(at) })
  const settle = () => new Promise<void>((resolve) => setImmediate(resolve))
  return {
    begun,
    pass: (ms: number) => void (at += ms),
    come(who: string, what: string): Promise<void> {
      return gate.through(who, () => {
        begun.push(what)
        return new Promise<void>((resolve) => endings.set(what, resolve))
      })
    },
    async end(what: string): Promise<void> {
      endings.get(what)?.()
      endings.delete(what)
      await settle()
    },
    open: () => [...endings.keys()],
    settle,
  }
}

it('lets in so many at once, and the others in the order of their coming', async () => {
  const gate = aTurnstile(2)
  for (const who of ['a', 'b', 'c', 'd']) void gate.come(who, who)
  await gate.settle()
  expect(gate.begun).toEqual(['a', 'b'])
  await gate.end('b')
  expect(gate.begun).toEqual(['a', 'b', 'c'])
  await gate.end('a')
  await gate.end('c')
  expect(gate.begun).toEqual(['a', 'b', 'c', 'd'])
})

it('takes who can still be answered on the spot before who cannot', async () => {
  const gate = aTurnstile(1)
  for (const who of ['a', 'b']) void gate.come(who, who)
  gate.pass(3_001)
  for (const who of ['c', 'd']) void gate.come(who, who)
  await gate.end('a')
  await gate.end('c')
  await gate.end('d')
  expect(gate.begun).toEqual(['a', 'c', 'd', 'b'])
})

it('begins what one citizen did in the order in which it came, late or not', async () => {
  const gate = aTurnstile(1)
  void gate.come('x', 'x')
  void gate.come('a', 'a1')
  void gate.come('b', 'b1')
  gate.pass(3_001)
  void gate.come('a', 'a2')
  for (const what of ['x', 'a1', 'a2']) await gate.end(what)
  expect(gate.begun).toEqual(['x', 'a1', 'a2', 'b1'])
})

it('gives the place of a work that failed to the next', async () => {
  const gate = turnstile({ atOnce: 1, heardForMs: 3_000, now: () => new Date(0) })
  await expect(gate.through('a', () => Promise.reject(new Error('no')))).rejects.toThrow('no')
  expect(await gate.through('b', () => Promise.resolve(2))).toBe(2)
})

it('loses nobody, whoever comes, however long it takes', async () => {
  const step = fc.record({ who: fc.constantFrom('a', 'b', 'c'), ms: fc.nat(4_000), ends: fc.nat(3) })
  await fc.assert(
    fc.asyncProperty(fc.array(step, { maxLength: 25 }), async (steps) => {
      const gate = aTurnstile(2)
      const came: string[] = []
      for (const [n, { who, ms, ends }] of steps.entries()) {
        gate.pass(ms)
        came.push(`${who}${n}`)
        void gate.come(who, `${who}${n}`)
        await gate.settle()
        for (const what of gate.open().slice(0, ends)) await gate.end(what)
        expect(gate.open().length).toBeLessThanOrEqual(2)
      }
      while (gate.open().length > 0) for (const what of gate.open()) await gate.end(what)
      expect([...gate.begun].sort()).toEqual([...came].sort())
      for (const who of ['a', 'b', 'c']) {
        const of = (all: string[]) => all.filter((what) => what.startsWith(who))
        expect(of(gate.begun)).toEqual(of(came))
      }
    }),
    { numRuns: 100 },
  )
})

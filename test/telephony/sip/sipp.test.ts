/** A real foreign peer: sipp, where the machine has it. Every scenario must end with its own exit code 0. */
import { execFile } from 'node:child_process'
import { existsSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { createServer } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, afterEach, beforeEach, describe, expect, it } from 'vitest'
import type { CallEnding, IncomingCall } from '../../../telephony/sip/call.ts'
import { makeAnswer } from '../../../telephony/sip/sdp.ts'
import { anAgent, anAnswer, anOffer, media, takesAll, until } from './peers.ts'
import * as scenes from './sipp-scenes.ts'

const hasSipp = existsSync('/usr/bin/sipp')
if (!hasSipp) console.log('not run: sipp scenarios, /usr/bin/sipp is not installed')

const folder = mkdtempSync(join(tmpdir(), 'sipp-'))
afterAll(() => rmSync(folder, { recursive: true, force: true }))

type Run = { code: number; output: string }

function sipp(scene: string, args: readonly string[]): Promise<Run> {
  const file = join(folder, `${Math.random().toString(36).slice(2)}.xml`)
  writeFileSync(file, scene)
  const all = [
    '-sf',
    file,
    '-i',
    '127.0.0.1',
    '-m',
    '1',
    '-nostdin',
    '-timeout',
    '15s',
    '-timeout_error',
    '-trace_err',
    ...args,
  ]
  return new Promise((resolve) => {
    execFile('/usr/bin/sipp', all, { cwd: folder, timeout: 20_000 }, (error, stdout, stderr) => {
      resolve({ code: error ? Number(error.code ?? 1) : 0, output: `${stdout.slice(-2_000)}\n${stderr}` })
    })
  })
}

/** Free a moment ago; sipp wants its port named. */
async function aFreePort(): Promise<number> {
  const server = createServer()
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  const address = server.address()
  await new Promise((resolve) => server.close(resolve))
  return typeof address === 'object' && address ? address.port : 0
}

describe.skipIf(!hasSipp)('a call of sipp', () => {
  let other: Awaited<ReturnType<typeof anAgent>>
  let calls: IncomingCall[]
  let endings: CallEnding[]
  beforeEach(async () => {
    calls = []
    endings = []
    other = await anAgent({ timings: undefined, users: (name) => (name === 'desk' ? 'right' : undefined) })
    other.agent.onInvite((call) => {
      call.listen({ ended: (ending) => endings.push(ending) })
      takesAll(calls)(call)
    })
  })
  afterEach(async () => {
    expect(other.log.errors).toEqual([])
    await other.agent.stop()
  })
  const remote = () => `127.0.0.1:${other.port}`

  it.each(['u1', 't1'])('is answered, acknowledged and ended by its BYE over %s', async (transport) => {
    const run = await sipp(scenes.plainCall, ['-t', transport, '-s', 'hotline', '-m', '5', '-r', '20', remote()])
    expect(run, run.output).toMatchObject({ code: 0 })
    await until(() => endings.length === 5)
    expect(endings.every(({ reason }) => reason === 'remote-bye')).toBe(true)
    expect(other.agent.openDialogs()).toBe(0)
  })

  it.each(['u1', 't1'])('is ended by our BYE over %s, on the same host', async (transport) => {
    other.agent.onInvite((call) => {
      call.listen({ ended: (ending) => endings.push(ending) })
      void call.accept(anAnswer(call.offer)).then(() => call.bye())
    })
    const run = await sipp(scenes.endedByUs, ['-t', transport, '-s', 'hotline', remote()])
    expect(run, run.output).toMatchObject({ code: 0 })
    await until(() => endings.length === 1)
    expect(endings[0]?.reason).toBe('local-bye')
  })

  it('is taken by its own answering scene when we dial, over UDP and TCP', async () => {
    for (const [transport, more] of [
      ['u1', ''],
      ['t1', ';transport=tcp'],
    ] as const) {
      const port = await aFreePort()
      const run = sipp(scenes.answersUs, ['-t', transport, '-p', String(port)])
      const call = await dialUntilTaken(`sip:agent@127.0.0.1:${port}${more}`)
      call.listen({ ended: (ending) => endings.push(ending) })
      call.bye()
      expect((await run).code, (await run).output).toBe(0)
      await until(() => endings.length > 0)
      expect(endings.splice(0)).toEqual([{ reason: 'local-bye' }])
    }
  })

  /** sipp takes a moment to listen; a refused connection is tried again, a datagram repeats itself. */
  async function dialUntilTaken(target: string) {
    for (let tries = 0; tries < 50; tries++) {
      const call = other.agent.dial({ target, sdp: anOffer() })
      if ((await call.outcome).answered) return call
      await new Promise((resolve) => setTimeout(resolve, 100))
    }
    throw new Error('nobody took the call')
  }

  it('is taken back by CANCEL and hears 487', async () => {
    other.agent.onInvite((call) => {
      call.listen({ ended: (ending) => endings.push(ending) })
      call.ring()
    })
    const run = await sipp(scenes.cancelledCall, ['-s', 'hotline', remote()])
    expect(run, run.output).toMatchObject({ code: 0 })
    expect(endings).toEqual([{ reason: 'cancelled' }])
  })

  it('is held by a re-INVITE and taken up again', async () => {
    const directions: (string | undefined)[] = []
    other.agent.onInvite((call) => {
      call.listen({
        ended: (ending) => endings.push(ending),
        reinvited(offer) {
          directions.push(offer.audio?.direction)
          return makeAnswer(offer, media(42_000, { version: 1 + directions.length }))
        },
      })
      void call.accept(anAnswer(call.offer))
    })
    const run = await sipp(scenes.heldCall, ['-s', 'hotline', remote()])
    expect(run, run.output).toMatchObject({ code: 0 })
    expect(directions).toEqual(['sendonly', 'sendrecv'])
    await until(() => endings.length === 1)
  })

  it('gets in by digest where the hotline is not what it calls', async () => {
    const run = await sipp(scenes.digestCall, ['-s', 'other', '-au', 'desk', '-ap', 'right', remote()])
    expect(run, run.output).toMatchObject({ code: 0 })
    expect(calls[0]?.admittedAs).toEqual({ kind: 'user', user: 'desk' })
  })

  it('stays out with a wrong password', async () => {
    const run = await sipp(scenes.refusedCall, ['-s', 'other', '-au', 'desk', '-ap', 'wrong', remote()])
    expect(run, run.output).toMatchObject({ code: 0 })
    expect(calls).toEqual([])
  })
})

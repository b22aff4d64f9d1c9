/**
 * The child that decodes, kept alive: orders go in, entries and choices come out.
 *
 * Invariant: when the child dies (native code can), what it was decoding is given once more to its successor, and
 * only once: audio that kills a decoder must not kill every successor.
 */
import { fork, type ChildProcess } from 'node:child_process'
import type { ChildOrder, ChildReport, ChildSettings, DecodeAsk, DecodeOrder, Found } from './pocketsphinx-messages.ts'
import type { Surface } from './recogniser.ts'
import { SpeechFault, type SpeechLog } from './speech-fault.ts'

type Pending = {
  order: DecodeOrder
  isSecondTry: boolean
  limit: NodeJS.Timeout
  resolve: (found: Found[]) => void
  reject: (fault: SpeechFault) => void
}

const name = 'pocketsphinx'
const decodeLimitMs = 10_000
const startLimitMs = 10_000

export type PocketsphinxProcess = ReturnType<typeof pocketsphinxProcess>

/** @param parts `childFile` is pocketsphinx-child, built or, with `execArgv` for a loader, as it is written */
export function pocketsphinxProcess(parts: {
  childFile: string
  execArgv?: string[]
  settings: ChildSettings
  log: SpeechLog
}) {
  const pending = new Map<number, Pending>()
  let child: ChildProcess | undefined
  let lastId = 0
  let isClosed = false
  let learnt: ChildOrder | undefined
  let whenReady: Promise<string | undefined> = Promise.resolve(undefined)

  function begin(): void {
    const started = fork(parts.childFile, [JSON.stringify(parts.settings)], {
      serialization: 'advanced',
      execArgv: parts.execArgv ?? [],
      env: { ...process.env, AZURE_SPEECH_KEY: undefined, UV_THREADPOOL_SIZE: String(parts.settings.decoders + 2) },
      stdio: ['ignore', 'ignore', 'ignore', 'ipc'],
    })
    child = started
    whenReady = new Promise((resolve) => {
      const limit = setTimeout(() => resolve('did not start in time'), startLimitMs)
      const told = (missing: string | undefined) => {
        clearTimeout(limit)
        resolve(missing)
      }
      started.on('message', (report: ChildReport) => {
        if (report.kind === 'ready') told(undefined)
        else if (report.kind === 'missing') told(report.what)
        else settle(report)
      })
      started.once('error', (error) => told(error.message))
      started.once('exit', (code, signal) => {
        told(`ended with ${signal ?? code}`)
        if (child === started) child = undefined
        if (!isClosed) recover(String(signal ?? code))
      })
    })
    if (learnt) started.send(learnt)
  }

  function settle(report: Extract<ChildReport, { kind: 'decoded' | 'failed' }>): void {
    const asked = pending.get(report.id)
    if (!asked) return
    pending.delete(report.id)
    clearTimeout(asked.limit)
    if (report.kind === 'decoded') asked.resolve(report.found)
    else asked.reject(new SpeechFault(name, report.why))
  }

  function recover(how: string): void {
    const interrupted = [...pending.values()]
    pending.clear()
    if (interrupted.length > 0) parts.log.warn({ how, interrupted: interrupted.length }, 'recognition child ended')
    for (const asked of interrupted) {
      clearTimeout(asked.limit)
      if (asked.isSecondTry) asked.reject(new SpeechFault(name, `the child ended twice (${how})`))
      else give({ ...asked, isSecondTry: true })
    }
  }

  function give(asked: Omit<Pending, 'limit'>): void {
    if (!child) begin()
    const { id } = asked.order
    // A decoder that hangs is ended with its process; the rest is tried again in the next one.
    const limit = setTimeout(() => child?.kill('SIGKILL'), decodeLimitMs)
    pending.set(id, { ...asked, limit })
    child?.send(asked.order, (error) => {
      if (error) child?.kill('SIGKILL')
    })
  }

  return {
    /** @returns what is missing, or nothing when it decodes. */
    async start(): Promise<string | undefined> {
      begin()
      return whenReady
    },

    /** @param samples a whole utterance at 8 kHz. @throws SpeechFault */
    decode(ask: DecodeAsk, samples: Int16Array): Promise<Found[]> {
      if (isClosed) return Promise.reject(new SpeechFault(name, 'is closed'))
      const id = ++lastId
      return new Promise((resolve, reject) => {
        give({ order: { kind: 'decode', id, ask, samples }, isSecondTry: false, resolve, reject })
      })
    },

    /** A successor of this child learns the same. */
    learn(surfaces: readonly Surface[]): void {
      learnt = { kind: 'learn', surfaces }
      child?.send(learnt)
    },

    /** The child's process id, for whoever watches over processes. */
    get pid(): number | undefined {
      return child?.pid
    },

    async close(): Promise<void> {
      isClosed = true
      const ending = child
      if (!ending || ending.exitCode !== null) return
      const gone = new Promise((resolve) => ending.once('exit', resolve))
      ending.kill('SIGKILL')
      await gone
      for (const asked of pending.values()) {
        clearTimeout(asked.limit)
        asked.reject(new SpeechFault(name, 'was closed'))
      }
      pending.clear()
    },
  }
}

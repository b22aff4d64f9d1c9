/**
 * One run of a program over bytes of a stranger's: bytes in, bytes out, within so much memory and so much time. It is
 * killed when it takes more of either, or says more than it may.
 */
import { spawn } from 'node:child_process'

export type Run = {
  command: readonly [string, ...string[]]
  input: Buffer
  /** Of addresses, in KiB; the kernel refuses what is more. */
  mostKib: number
  withinMs: number
  mostOutBytes: number
}
/** `absent`: there is no such program here. */
export type Ran = { out: Buffer } | { failed: 'absent' | 'late' | 'too-long' | 'died' }

/** What the shell says of a program that it does not find. */
const notFound = 127

export function runCapped({ command, input, mostKib, withinMs, mostOutBytes }: Run): Promise<Ran> {
  // The words of the command are handed over as words: the shell reads nothing in them.
  const child = spawn('/bin/sh', ['-c', `ulimit -v ${mostKib}; ulimit -c 0; exec "$@"`, 'capped', ...command], {
    stdio: ['pipe', 'pipe', 'ignore'],
    env: { PATH: process.env.PATH ?? '', LC_ALL: 'C.UTF-8' },
  })
  return new Promise((resolve) => {
    const out: Buffer[] = []
    let bytes = 0
    const end = (ran: Ran) => {
      clearTimeout(timer)
      child.kill('SIGKILL')
      resolve(ran)
    }
    const timer = setTimeout(() => end({ failed: 'late' }), withinMs)
    child.stdout.on('data', (part: Buffer) => {
      bytes += part.length
      out.push(part)
      if (bytes > mostOutBytes) end({ failed: 'too-long' })
    })
    child.once('error', () => end({ failed: 'absent' }))
    child.once('close', (code) =>
      end(code === 0 ? { out: Buffer.concat(out) } : { failed: code === notFound ? 'absent' : 'died' }),
    )
    // It may have ended before it read all of it.
    child.stdin.on('error', () => undefined)
    child.stdin.end(input)
  })
}

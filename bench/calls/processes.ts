/** The processes of the bench: started before their neighbours as the phone is, asked by message, read from /proc. */
import { spawn, type ChildProcess } from 'node:child_process'
import { readdirSync, readFileSync, readlinkSync } from 'node:fs'
import { join } from 'node:path'
import { urgentPriority } from '../../launch/priority.mjs'

/** @returns a Node program before its neighbours, where that is allowed. */
export function startUrgent(program: string, { args = [], env = process.env, flags = [] }: Urgent = {}): ChildProcess {
  const loader = program.endsWith('.ts') ? ['--import', 'tsx'] : []
  const [command = '', ...words] = [
    ...urgentPriority().command,
    process.execPath,
    ...flags,
    ...loader,
    program,
    ...args,
  ]
  return spawn(command, words, { env, stdio: ['ignore', 'ignore', 'inherit', 'ipc'], serialization: 'advanced' })
}
type Urgent = { args?: readonly string[]; env?: NodeJS.ProcessEnv; flags?: readonly string[] }

/** One of the bench's own programs, that answers each message by one. */
export function asked<Ask extends object, Told extends { kind: string }>(file: string) {
  const child = startUrgent(join(import.meta.dirname, file))
  return {
    pid: child.pid ?? 0,
    ask<K extends Told['kind']>(what: Ask, kind: K): Promise<Extract<Told, { kind: K }>> {
      return new Promise((resolve, reject) => {
        const died = () => reject(new Error(`${file} ended`))
        child.once('exit', died)
        child.once('message', (told: Told) => {
          child.off('exit', died)
          if (isOf(told, kind)) resolve(told)
          else reject(new Error(`${file} told ${told.kind} where ${kind} was asked`))
        })
        child.send(what)
      })
    },
    stop: () => void child.kill('SIGKILL'),
  }
}

function isOf<Told extends { kind: string }, K extends Told['kind']>(
  told: Told,
  kind: K,
): told is Extract<Told, { kind: K }> {
  return told.kind === kind
}

const ticksPerSecond = 100
const policies = ['other', 'fifo', 'rr', 'batch'] as const

/** Fields of proc(5), from the third on. */
function statOf(pid: number): string[] {
  return readFileSync(`/proc/${pid}/stat`, 'utf8').split(') ')[1]?.split(' ') ?? []
}

export function cpuSeconds(pid: number): number {
  const stat = statOf(pid)
  return (Number(stat[11]) + Number(stat[12])) / ticksPerSecond
}

export function rssMb(pid: number): number {
  return Number(/^VmRSS:\s+(\d+) kB$/m.exec(readFileSync(`/proc/${pid}/status`, 'utf8'))?.[1]) / 1_024
}

/** What it runs at, not what was asked for. */
export function priorityOf(pid: number): string {
  const stat = statOf(pid)
  const [nice, realTime, policy] = [Number(stat[16]), Number(stat[37]), policies[Number(stat[38])] ?? 'unknown']
  if (policy === 'fifo' || policy === 'rr') return `${policy} ${realTime}`
  return nice < 0 ? `nice ${nice}` : `nice ${nice}: neither chrt nor nice was permitted`
}

/** Datagrams that came for one of its sockets and found no room. */
export function droppedDatagrams(pid: number): number {
  const inodes = new Set(
    readdirSync(`/proc/${pid}/fd`).flatMap((fd) => {
      try {
        return /^socket:\[(\d+)\]$/.exec(readlinkSync(`/proc/${pid}/fd/${fd}`))?.[1] ?? []
      } catch {
        return [] // closed meanwhile
      }
    }),
  )
  const rows = readFileSync('/proc/net/udp', 'utf8').trim().split('\n').slice(1)
  return rows
    .map((row) => row.trim().split(/\s+/))
    .filter((fields) => inodes.has(fields[9] ?? ''))
    .reduce((sum, fields) => sum + Number(fields[12]), 0)
}

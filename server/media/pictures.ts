/**
 * Draws pictures of strangers anew, each in a process of its own, one after the other: two large ones at once would be
 * twice the memory.
 */
import { z } from 'zod'
import { faultyField, Problem } from '../../contract/problem.ts'
import type { Redrawn } from '../../desk/attachments.ts'
import { runCapped } from './capped-program.ts'

export type Pictures = ReturnType<typeof pictures>

const withinMs = 15_000
/** V8 alone lays claim to a good part of it without ever using it. */
const mostKib = 4 * 1_024 * 1_024
const mostOutBytes = 24 * 1_024 * 1_024
/** More would wait for longer than anybody does. */
const mostWaiting = 20

const drawnSchema = z.union([
  z.object({
    type: z.enum(['image/jpeg', 'image/png']),
    width: z.int().positive(),
    height: z.int().positive(),
    bytes: z.int().positive(),
    smallBytes: z.int().positive(),
  }),
  z.object({ fault: z.enum(['broken', 'too-many-pixels']) }),
])

const words = {
  broken: '这张图片打不开，可能已经损坏，请换一张',
  'too-many-pixels': '图片太大（超过 6400 万像素），请缩小后再发',
} as const

/** @param childFile picture-child.ts, built: Node runs no TypeScript. */
export function pictures({ childFile }: { childFile: string }) {
  let last: Promise<unknown> = Promise.resolve()
  let waiting = 0

  async function draw(file: Buffer): Promise<Redrawn> {
    const command = [process.execPath, '--max-old-space-size=64', childFile] as const
    const ran = await runCapped({ command, input: file, mostKib, withinMs, mostOutBytes })
    if ('failed' in ran) {
      if (ran.failed === 'absent') throw new Error(`${childFile} cannot be run`)
      throw faultyField('file', words.broken)
    }
    const lineEnd = ran.out.indexOf(10)
    const drawn = drawnSchema.parse(JSON.parse(ran.out.toString('utf8', 0, lineEnd)))
    if ('fault' in drawn) throw faultyField('file', words[drawn.fault])
    const { type, width, height, bytes, smallBytes } = drawn
    const at = lineEnd + 1
    if (ran.out.length !== at + bytes + smallBytes) throw faultyField('file', words.broken)
    return { type, width, height, content: ran.out.subarray(at, at + bytes), small: ran.out.subarray(at + bytes) }
  }

  return {
    /** @throws Problem invalid_input (path "file") with what is wrong; not_ready where too many wait */
    redraw(file: Buffer): Promise<Redrawn> {
      if (waiting >= mostWaiting) return Promise.reject(new Problem('not_ready', 'too many pictures wait'))
      waiting++
      const mine = last.then(() => draw(file)).finally(() => waiting--)
      last = mine.catch(() => undefined)
      return mine
    },
  }
}

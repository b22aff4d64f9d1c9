/** The golden questions that ship, both halves, read once; what cannot be read is logged and left out. */
import { join } from 'node:path'
import { readGolden, type GoldenRow } from './golden.ts'

type Log = { error(about: Record<string, unknown>, message: string): void }

/** @param folder holds golden.fit.jsonl and golden.test.jsonl. */
export function goldenSet(folder: string, log: Log): () => Promise<readonly GoldenRow[]> {
  let read: Promise<readonly GoldenRow[]> | undefined
  const half = (name: string) =>
    readGolden(join(folder, `golden.${name}.jsonl`)).catch((error: unknown) => {
      log.error({ err: error }, 'golden questions could not be read')
      return []
    })
  return () => {
    read ??= Promise.all(['fit', 'test'].map(half)).then((halves) => halves.flat())
    return read
  }
}

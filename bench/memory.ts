/** Memory that is really held: measured after a full collection, which needs no flag on the command line. */
import { setFlagsFromString } from 'node:v8'
import { runInNewContext } from 'node:vm'
import { rounded } from './figures.ts'

setFlagsFromString('--expose-gc')
const collect: unknown = runInNewContext('gc')

/** Heap and array buffers, in bytes. */
export function heldBytes(): number {
  if (typeof collect === 'function') Reflect.apply(collect, undefined, [])
  const { heapUsed, external } = process.memoryUsage()
  return heapUsed + external
}

export const megabytes = (bytes: number) => rounded(bytes / 1e6)

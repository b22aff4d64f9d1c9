/** Everybody of one run, how the desk stood when it was last looked at, and the seed's draws. */
import type { Agent } from './agents.ts'
import type { Citizen } from './citizens.ts'
import type { Standing } from './invariants.ts'
import type { Notebook } from './notebook.ts'

export type Town = {
  draw: (below: number) => number
  agents: readonly Agent[]
  citizens: readonly Citizen[]
  standing: Standing
  notebook: Notebook
}
export function chosen<T>({ draw }: Town, from: readonly T[]): T | undefined {
  return from[draw(Math.max(1, from.length))]
}

/** A supervisor before the wall: asks once, is told from then on. */
import type { FiguresWall } from '../../contract/figure.ts'
import type { Member } from './agents.ts'
import { aLine } from './line.ts'
import type { Notebook } from './notebook.ts'

export type Supervisor = ReturnType<typeof aSupervisor>

export function aSupervisor(url: string, { cookie }: Member, notebook: Notebook) {
  const line = aLine(`${url}/agent`, { cookie })
  line.socket.on('figures:changed', (wall: FiguresWall) => notebook.wallShows(wall))
  return {
    async arrive(): Promise<void> {
      await line.connect()
      const reply = await line.ask<FiguresWall>('figures:watch', {})
      if (!reply?.ok) throw new Error(`the wall was not shown: ${reply?.code}`)
    },
    leave: () => void line.socket.disconnect(),
  }
}

/** What all clients of one run write down: faults, acknowledged words, and how long the desk's news took. */
import type { FiguresWall } from '../../contract/figure.ts'
import type { Faults } from './faults.ts'
import type { Ledger } from './ledger.ts'

export type Notebook = ReturnType<typeof notebookOf>

export function notebookOf({ faults, ledger }: { faults: Faults; ledger: Ledger }) {
  const samples: Record<'claimToShown' | 'givenToShown' | 'claimToCitizen' | 'messageToAgent' | 'wallLag', number[]> = {
    ...{ claimToShown: [], givenToShown: [], claimToCitizen: [], messageToAgent: [], wallLag: [] },
  }
  const claimed = new Map<string, number>()
  const saying = new Map<string, { at: number; agentNumber: string }>()
  let changes: { onClock: number; at: number }[] = []
  let wall: FiguresWall | undefined
  return {
    faults,
    ledger,
    samples,

    claims: (conversationId: string) => void claimed.set(conversationId, performance.now()),
    citizenSawClaim(conversationId: string): void {
      const at = claimed.get(conversationId)
      if (at !== undefined) samples.claimToCitizen.push(performance.now() - at)
      claimed.delete(conversationId)
    },
    claimFailed: (conversationId: string) => void claimed.delete(conversationId),

    /** Only what somebody has in hand can reach them. */
    citizenSays(clientId: string, agentNumber: string | undefined): void {
      if (agentNumber) saying.set(clientId, { at: performance.now(), agentNumber })
    },
    agentHears(clientId: string, agentNumber: string): void {
      const said = saying.get(clientId)
      if (said?.agentNumber !== agentNumber) return
      samples.messageToAgent.push(performance.now() - said.at)
      saying.delete(clientId)
    },

    /** The desk has changed, as of now, in what the wall shows. */
    changed: () => void changes.push({ onClock: Date.now(), at: performance.now() }),
    /** Two supervisors watch the same: the first to be told counts. */
    wallShows(shown: FiguresWall): void {
      wall = shown
      const at = Date.parse(shown.at)
      for (const change of changes) if (change.onClock <= at) samples.wallLag.push(performance.now() - change.at)
      changes = changes.filter(({ onClock }) => onClock > at)
    },
    wall: () => wall,

    /** What was on its way when the server was killed is no measure of it. */
    forgetWhatWasOnItsWay(): void {
      claimed.clear()
      saying.clear()
      changes = []
    },
  }
}

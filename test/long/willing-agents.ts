/** Agents who take whoever waits or is given to them, and let go of them by the telephone or by closing; what they did is remembered. */
import type { TestHotline } from '../support/hotline.ts'
import { anAgent } from '../support/socket-clients.ts'
import { pause, type Draw } from './ways-to-end.ts'

/** This agent was letting go of this conversation, and of whatever call it was then. */
export type Deed = { conversationId: string; from: Date; until: Date; as: 'agent' | 'hotline' }
export type WillingAgent = Awaited<ReturnType<typeof aWillingAgent>>

export async function aWillingAgent(hotline: TestHotline, draw: Draw, deeds: Deed[]) {
  const agent = await anAgent(hotline.url, await hotline.aMember('agent'))
  await agent.must('presence:set', { state: 'online' })
  let isDone = false
  let working: Promise<void> | undefined

  const given: string[] = []
  agent.socket.on('conversation:given', ({ conversationId }: { conversationId: string }) => given.push(conversationId))

  async function take(conversationId: string): Promise<void> {
    // Another was quicker, or the caller, or the queue gave them to somebody.
    if ((await agent.ask('conversation:claim', { conversationId })).ok) await serve(conversationId)
  }

  async function serve(conversationId: string): Promise<void> {
    async function letGo(as: Deed['as'], ask: Promise<unknown>): Promise<void> {
      const from = new Date()
      await ask
      deeds.push({ conversationId, from, until: new Date(), as })
    }
    if (draw(2) === 0) await letGo('agent', agent.ask('call:hang-up', { conversationId }))
    await pause(100)
    // Of a caller who has rung again meanwhile it is the new call that ends with the conversation.
    await letGo(
      'hotline',
      agent.ask('conversation:close', { conversationId, summary: { text: '已答复', tags: ['其他'] } }),
    )
  }

  async function work(): Promise<void> {
    while (!isDone || given.length > 0) {
      const mine = given.shift()
      if (mine) {
        await serve(mine)
        continue
      }
      const waiting = agent.queue()?.waiting ?? []
      const anyone = waiting[draw(Math.max(1, waiting.length))]
      if (anyone) await take(anyone.conversationId)
      await pause(anyone ? 5 : 30)
    }
  }

  return {
    begin: () => void (working = work()),
    /** Whoever has been taken is served to the end. */
    async rest(): Promise<void> {
      isDone = true
      await working
    },
    async leave(): Promise<void> {
      await agent.must('presence:set', { state: 'offline' })
      agent.close()
    },
  }
}

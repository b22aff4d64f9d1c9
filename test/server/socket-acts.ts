/** As http-acts.ts, for what the desk asks on its socket. */
import type { AgentAsk } from '../../contract/agent-events.ts'
import type { AuditAct } from '../../contract/audit.ts'
import type { Agent } from '../support/socket-clients.ts'
import type { Scene } from './acts-scene.ts'

export type Asked = { acts: AuditAct; ask?: object; by?: Agent }
export type SocketCase = string | ((scene: Scene) => Promise<Asked>)

const fresh = (acts: AuditAct) => async (scene: Scene) => ({
  acts,
  ask: { conversationId: (await scene.held()).id },
})
const toQueue = { toStaffId: undefined, toQueue: true, skillId: undefined, region: undefined }

/** The colleague asks the agent to take over what they have. */
async function offered(scene: Scene, from: Agent, toStaffId: string): Promise<{ transferId: string }> {
  const { id: conversationId } = await scene.held(from)
  const asked = { conversationId, toStaffId, toQueue: false, reason: '生育津贴的问题' }
  return from.must('conversation:transfer', asked)
}

const looks = 'it looks, and changes nothing'
const call = 'what is done with a call stands in the record of the call'
const itself = 'it stands in the conversation, with the number of whoever wrote it'

export const socketActs: Record<AgentAsk, SocketCase> = {
  'presence:set': 'it is the heartbeat of somebody at their desk; what follows from it is recorded for itself',
  'queue:list': looks,
  'conversation:open': async ({ waiting }) => ({
    ...{ acts: 'conversation.look', ask: { conversationId: (await waiting()).id } },
  }),
  'conversation:claim': async ({ waiting }) => ({
    ...{ acts: 'conversation.claim', ask: { conversationId: (await waiting()).id } },
  }),
  'turn:say': itself,
  'conversation:close': fresh('conversation.close'),
  'summary:write': async ({ held }) => {
    const { id: conversationId, visitor } = await held()
    await visitor.must('conversation:end', {})
    return { acts: 'summary.write', ask: { conversationId } }
  },
  'typing:tell': 'nothing is kept of who is typing',
  'note:write': itself,
  'mentions:list': looks,
  'mention:seen': 'a mark of reading, of one’s own news',
  'team:list': looks,
  'turns:before': looks,
  'viewing:set': 'nothing is kept of who is looking; opening what is not theirs is recorded for itself',
  'colleagues:list': looks,
  'conversation:transfer': async ({ held }) => ({
    acts: 'conversation.transfer',
    ask: { conversationId: (await held()).id, ...toQueue },
  }),
  'transfer:accept': async (scene) => ({
    acts: 'transfer.accept',
    ask: await offered(scene, scene.peer, scene.staff.member.staffId),
  }),
  'transfer:decline': async (scene) => ({
    acts: 'transfer.decline',
    ask: await offered(scene, scene.peer, scene.staff.member.staffId),
  }),
  'transfer:take-back': async (scene) => ({
    acts: 'transfer.take-back',
    ask: await offered(scene, scene.agent, scene.other.staffId),
  }),
  'audio:open': call,
  'audio:close': call,
  'call:hold': call,
  'call:hang-up': call,
  'call:to-bot': fresh('call.to-bot'),
  'peer:signal': call,
  'callback:ring': async ({ aCallback, phone }) => {
    await phone.hello()
    return { acts: 'callback.ring', ask: { callbackId: await aCallback() } }
  },
  'figures:watch': looks,
  'handset:look': looks,
  'handset:ring': call,
  'handset:put-down': call,
}

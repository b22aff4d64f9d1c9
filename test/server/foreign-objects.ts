/**
 * Whose the objects are that doors name by an id: a row says what somebody is told who may open the door and asks for what
 * is another's, or why there is no other's.
 */
import { randomUUID } from 'node:crypto'
import type { AgentAsk } from '../../contract/agent-events.ts'
import type { ProblemCode } from '../../contract/problem.ts'
import type { HttpDoorName } from '../../server/policy.ts'
import type { HttpClient } from '../support/http-client.ts'
import { aPass } from '../support/socket-clients.ts'
import type { Scene } from './acts-scene.ts'
import { aFile } from './http-acts.ts'

/** `unknown`: what the same person is told of an id that nobody has; the same words, where that must not be told apart. */
export type Foreign = {
  id?: string
  by?: HttpClient
  body?: object
  query?: Record<string, string | undefined>
  file?: Buffer
  told: ProblemCode
  unknown?: ProblemCode
}
export type ForeignAsk = { ask: object; told: ProblemCode; unknown?: ProblemCode }
type Row<T> = string | ((scene: Scene) => Promise<T>)

const bureau = 'the bureau’s own: whoever has the role works on all of them'
const account = 'accounts are in the hands of offices: staff-rule.ts says whose, and security.test.ts holds it'
const looked = 'every desk may look, on record: acts.test.ts holds the line'
const narrows = 'it narrows a list of what they may see anyway'
const pass = 'the pass is itself what proves whose it is, 256 bits of a key that only the server has'

const inHands = async ({ standing, stranger }: Scene) => ({
  ...{ id: (await standing()).id, by: stranger.http },
  ...({ told: 'not_your_conversation', unknown: 'not_found' } as const),
})
/** Somebody else has taken it up. */
const takenUp = async ({ aCallback, stranger }: Scene) => ({
  ...{ id: await aCallback({ isMine: true }), by: stranger.http },
  ...({ told: 'already_claimed', unknown: 'not_found' } as const),
})
/** Whoever was rated does not work the case that came of it. */
const aboutThem = async ({ caseAboutThem, rated }: Scene) => ({
  ...{ id: await caseAboutThem(), by: rated.http },
  ...({ told: 'not_allowed', unknown: 'not_found' } as const),
})
const others = async (scene: Scene) => {
  const own = { shared: false, name: `我的${scene.next()}`, text: '好' }
  return String((await scene.done(scene.staff.worker, '/api/canned', own))['id'])
}

export const foreignObjects: Partial<Record<HttpDoorName, Row<Foreign>>> = {
  'POST /api/setup': pass,
  'POST /api/visitors/records': pass,
  'POST /api/visitors/erasure': pass,
  'POST /api/visitors/wechat': pass,
  'POST /api/visitors/attachments/:id': async (scene) => ({
    ...{ id: await aFile(scene), body: { token: await aPass(scene.hotline.url) } },
    ...{ told: 'not_found' },
  }),

  'GET /api/conversations/:id': looked,
  'GET /api/conversations/:id/earlier': looked,
  'GET /api/conversations/:id/summaries': 'what colleagues wrote for each other, numbers masked',
  'GET /api/conversations/:id/wechat': 'how much may be sent, and nothing that was said',
  'POST /api/conversations/:id/take-over':
    'to take it out of other hands is what it is for, by a supervisor, on record',
  'POST /api/conversations/:id/elder': inHands,
  'POST /api/conversations/:id/cases': inHands,
  'POST /api/conversations/:id/person': inHands,
  'POST /api/conversations/:id/person/code': inHands,
  'POST /api/conversations/:id/person/undo': inHands,
  'POST /api/conversations/:id/unmask': inHands,
  'POST /api/conversations/:id/tellings': inHands,
  'POST /api/conversations/:id/rating-link': inHands,
  'POST /api/conversations/:id/attachments': async (scene) => ({
    ...(await inHands(scene)),
    file: Buffer.from('%PDF'),
  }),
  'POST /api/conversations/:id/wechat/notice': inHands,
  'POST /api/conversations/:id/wechat/invitation': inHands,
  'GET /api/drafts': async (scene) => {
    const { id, ...told } = await inHands(scene)
    return { ...told, query: { conversation: id, seq: '1' } }
  },
  'POST /api/drafts/rejected': async (scene) => {
    const { id, ...told } = await inHands(scene)
    return { ...told, body: { conversationId: id } }
  },
  'GET /api/attachments/:id': async (scene) => ({
    ...{ id: await aFile(scene), by: scene.stranger.http, query: { grant: undefined } },
    ...{ told: 'not_your_conversation', unknown: 'not_found' },
  }),
  'POST /api/attachments/:id/open': async (scene) => ({
    ...{ id: await aFile(scene), by: scene.stranger.http },
    ...{ told: 'not_your_conversation', unknown: 'not_found' },
  }),

  'GET /api/callbacks/:id': 'the list is everybody’s; the number is in none of it',
  'POST /api/callbacks/:id/claim': takenUp,
  'POST /api/callbacks/:id/release': takenUp,
  'POST /api/callbacks/:id/phone': takenUp,
  'POST /api/callbacks/:id/recording': takenUp,
  'POST /api/callbacks/:id/done': takenUp,
  'POST /api/callbacks/:id/again': takenUp,

  'GET /api/cases/:id': aboutThem,
  'POST /api/cases/:id/contact': aboutThem,
  'POST /api/cases/:id/moves': aboutThem,
  'POST /api/cases/:id/extension': aboutThem,
  'POST /api/cases/:id/owner': aboutThem,
  'POST /api/cases/:id/follow-ups': aboutThem,
  'GET /api/cases/:id/evidence': aboutThem,
  'POST /api/cases/:id/evidence': async (scene) => ({ ...(await aboutThem(scene)), file: Buffer.from('%PDF') }),
  'GET /api/case-owners': async (scene) => {
    const { id, ...told } = await aboutThem(scene)
    return { ...told, query: { case: id } }
  },
  'GET /api/case-evidence/:id': async (scene) => {
    const caseId = await scene.caseAboutThem()
    await scene.sent(`/api/cases/${caseId}/evidence?name=1.pdf`, Buffer.from('%PDF-1.4\n%%EOF\n'))
    const id = await scene.idOf('select id from case_evidence where case_id = $1', caseId)
    return { id, by: scene.rated.http, told: 'not_allowed', unknown: 'not_found' }
  },

  'POST /api/canned': async (scene) => ({
    ...{ by: scene.stranger.http, body: { id: await others(scene), shared: false } },
    ...{ told: 'not_found' },
  }),
  'POST /api/canned/:id/remove': async (scene) => ({
    ...{ id: await others(scene), by: scene.stranger.http },
    ...{ told: 'not_found' },
  }),
  'POST /api/alerts/:id/seen': 'another’s is no news of theirs: none is marked, and none is told of',

  'GET /api/callbacks': narrows,
  'GET /api/conversations': narrows,
  'GET /api/outbox': narrows,
  'GET /api/wall/conversations': narrows,
  ...allOf(account, [
    ...['POST /api/staff/:id/extension', 'POST /api/staff/:id/roles', 'POST /api/staff/:id/disable'],
    ...['POST /api/staff/:id/enable', 'POST /api/staff/:id/password-reset', 'POST /api/staff/:id/confirm'],
    ...['POST /api/staff/:id/unlock', 'POST /api/staff/:id/totp-reset'],
  ]),
  ...allOf(bureau, [
    ...['GET /policy/:id', 'GET /api/entries/:id', 'POST /api/entries/:id/revisions', 'POST /api/revisions/:id/:move'],
    ...['GET /api/gaps/:id', 'POST /api/gaps/:id/owner', 'POST /api/gaps/:id/draft', 'POST /api/gaps/:id/attach'],
    ...['POST /api/gaps/:id/merge', 'POST /api/gaps/:id/take-out', 'POST /api/gaps/:id/dismiss'],
    ...['POST /api/gaps/:id/reopen', 'POST /api/reviews', 'GET /api/revisions/:id/gate'],
    ...['POST /api/entries/:id/rollback', 'POST /api/plans', 'POST /api/plans/:id/cancel', 'GET /api/golden-runs/:id'],
    ...['POST /api/synonyms/preview', 'POST /api/synonyms', 'POST /api/trials', 'POST /api/outbox/:id/again'],
    ...['POST /api/outbox/again', 'POST /api/opt-outs/:id/lift', 'POST /api/notices/:id/cancel'],
    ...[
      'GET /api/figures/:id/rows',
      'GET /api/figures/:id/table',
      'GET /api/reports/:id',
      'GET /api/reports/:id/table',
    ],
    ...['POST /api/windows/:id/open', 'GET /api/windows/:id/code', 'POST /api/seats/:id', 'POST /api/skills'],
    ...['POST /api/seats/:id/duty-phone', 'POST /api/shifts', 'POST /api/shifts/:id/remove', 'POST /api/shift-imports'],
    ...['POST /api/jobs/:id/again', 'POST /api/wechat/stuck/:id/again', 'POST /api/keys/:id/revoke'],
  ]),
}

function allOf(why: string, doors: readonly string[]): Record<string, string> {
  return Object.fromEntries(doors.map((door) => [door, why]))
}

const notHeld = async ({ standing }: Scene) => ({
  ...{ ask: { conversationId: (await standing()).id } },
  ...({ told: 'not_your_conversation', unknown: 'not_found' } as const),
})
/** Asked of one colleague by another. */
const between = async ({ held, peer, staff }: Scene) => {
  const { id: conversationId } = await held(peer)
  const asked = { conversationId, toStaffId: staff.member.staffId, toQueue: false, reason: '生育津贴的问题' }
  const ask = await peer.must('conversation:transfer', asked)
  return { ask, told: 'not_allowed', unknown: 'not_found' } as const
}

export const foreignAsks: Partial<Record<AgentAsk, Row<ForeignAsk>>> = {
  'conversation:open': looked,
  'turns:before': looked,
  'viewing:set': 'it tells colleagues who looks, and shows who else does',
  'typing:tell': 'it reaches the citizen from whoever holds the conversation alone: desk-tools.test.ts holds it',
  'note:write': 'a note is for any colleague to leave, under their number',
  'mention:seen': 'another’s mark of reading is not touched: the mark that is set is one’s own',
  'conversation:claim': async (scene) => ({ ...(await notHeld(scene)), told: 'already_claimed' }),
  'turn:say': async (scene) => {
    const { ask, ...told } = await notHeld(scene)
    const own = { clientId: randomUUID(), expectedSeq: undefined, revisionId: undefined, offered: undefined }
    return { ask: { ...ask, ...own }, ...told }
  },
  'conversation:close': notHeld,
  'summary:write': async (scene) => ({ ...(await notHeld(scene)), told: 'conflict' }),
  'colleagues:list': notHeld,
  'conversation:transfer': async (scene) => {
    const { ask, ...told } = await notHeld(scene)
    return { ask: { ...ask, toStaffId: undefined, toQueue: true, skillId: undefined, region: undefined }, ...told }
  },
  'transfer:accept': between,
  'transfer:decline': between,
  'transfer:take-back': between,
  'audio:open': notHeld,
  'audio:close': 'nothing is closed but what is open at this very console',
  'call:hold': notHeld,
  'call:hang-up': notHeld,
  'call:to-bot': notHeld,
  'peer:signal': async (scene) => ({ ...(await notHeld(scene)), unknown: 'not_your_conversation' }),
  'callback:ring': async (scene) => ({
    ...{ ask: { callbackId: await scene.aCallback({ isMine: true }) } },
    ...{ told: 'already_claimed', unknown: 'not_found' },
  }),
  'handset:ring': notHeld,
  'handset:put-down': notHeld,
}

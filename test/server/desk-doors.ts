/** The doors of the desk's tools as policy.test.ts and sound-asks.ts ask for them: whose each is, and a sound value. */
const desk = ['agent', 'supervisor'] as const
const keepers = [...desk, 'administrator'] as const

/** The bureau's own rule, written a second time on purpose. */
export const deskToolsDoors = {
  'GET /api/canned': keepers,
  'POST /api/canned': keepers,
  'POST /api/canned/:id/remove': keepers,
  'GET /api/tags': keepers,
  'POST /api/tags': ['supervisor', 'administrator'],
  'GET /api/conversations': desk,
  'POST /api/conversations/by-phone': ['supervisor'],
  'GET /api/drafts': desk,
  'POST /api/drafts/rejected': desk,
  'POST /api/conversations/:id/person': desk,
  'POST /api/conversations/:id/person/code': desk,
  'POST /api/conversations/:id/person/undo': desk,
} as const

const noOnesId = '7b1d6c1e-2f5a-4c6e-9d3b-0a1b2c3d4e5f'

export const soundDeskBodies = {
  'POST /api/canned': { id: noOnesId, shared: true, name: '问候', text: '{{称呼}}好，我是工号 {{工号}}。' },
  'POST /api/canned/:id/remove': {},
  'POST /api/tags': { name: '异地就医', isUsed: true },
  'POST /api/drafts/rejected': {
    ...{ conversationId: noOnesId, askedSeq: 1, revisionId: noOnesId },
    reason: '问的不是这件事',
  },
  'POST /api/conversations/by-phone': { phone: '13800138000', reason: '核实投诉内容' },
  'POST /api/conversations/:id/person': { phone: '13800138000', how: 'rang_back', code: '012345' },
  'POST /api/conversations/:id/person/code': { phone: '13800138000' },
  'POST /api/conversations/:id/person/undo': { joinId: noOnesId },
}

export const soundDeskQueries = {
  'GET /api/canned': {},
  'GET /api/tags': {},
  'GET /api/conversations': {
    ...{ from: '2026-11-01', to: '2026-11-22', channel: 'web', agent: noOnesId, tag: '参保', number: 'ZG-1' },
    ...{ limit: '10', offset: '0' },
  },
  'GET /api/drafts': { conversation: noOnesId, seq: '1' },
}

const conversationId = noOnesId
export const soundDeskAsks = {
  'note:write': { conversationId, clientId: 'client-id-of-mine', text: '请按新政策答复', mentions: [noOnesId] },
  'mentions:list': {},
  'mention:seen': { noteId: noOnesId },
  'team:list': {},
  'turns:before': { conversationId, beforeSeq: 40 },
  'viewing:set': { conversationId },
}

/** The doors of files in conversations, as policy.test.ts and sound-asks.ts ask for them. */

/** The bureau's own rule, written a second time on purpose. */
export const attachmentsDoors = {
  'GET /api/attachments/:id': ['agent', 'supervisor', 'officer'],
  'POST /api/attachments/:id/open': ['agent', 'supervisor', 'officer'],
  'POST /api/conversations/:id/attachments': ['agent', 'supervisor'],
} as const

export const soundAttachmentsBodies = {
  'POST /api/attachments/:id/open': { reason: '核实投诉内容' },
  'POST /api/visitors/attachments/:id': { token: 'x'.repeat(40) },
} as const

const sent = { clientId: 'client-id-of-mine', name: '照片.jpg' }
export const soundAttachmentsQueries = {
  'POST /api/visitors/attachments': sent,
  'POST /api/conversations/:id/attachments': { ...sent, expectedSeq: '7' },
  'GET /api/attachments/:id': { size: 'small', grant: 'a-grant' },
} as const

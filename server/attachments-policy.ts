/** The doors of files in conversations, as policy.ts has them. */
import { agentFileQuery, fileQuery, openFileSchema, sentFileQuery } from '../contract/attachment.ts'
import { idParams } from '../contract/http.ts'
import { passSchema } from '../contract/security.ts'
import type { HttpDoor } from './door.ts'

const looking = ['agent', 'supervisor', 'officer'] as const

export const attachmentsPolicy = {
  'POST /api/visitors/attachments': {
    who: 'anyone',
    limit: 'upload',
    query: sentFileQuery,
    summary: 'a picture or a paper for the person on the line; by the pass of the visitor',
  },
  'POST /api/visitors/attachments/:id': {
    who: 'anyone',
    limit: 'form',
    params: idParams,
    body: passSchema,
    summary: "a file of a visitor's own conversation",
  },
  'GET /api/attachments/:id': {
    who: looking,
    limit: 'staff',
    params: idParams,
    query: fileQuery,
    summary: 'a file, to whoever talks with the citizen, or has said why',
  },
  'POST /api/attachments/:id/open': {
    who: looking,
    limit: 'reveal',
    params: idParams,
    body: openFileSchema,
    summary: 'leave to see a file of a conversation in other hands; audited with the reason',
  },
  'POST /api/conversations/:id/attachments': {
    who: ['agent', 'supervisor'],
    limit: 'staff',
    params: idParams,
    query: agentFileQuery,
    summary: 'a picture or a paper for the citizen, from whoever talks with them',
  },
} as const satisfies Record<string, HttpDoor>

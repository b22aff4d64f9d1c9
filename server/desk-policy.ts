/** The doors of the desk's tools, as policy.ts has them: canned replies, summary tags, the bot's draft, one person. */
import { cannedSchema } from '../contract/canned.ts'
import { conversationsOfPhoneSchema, conversationsQuery } from '../contract/conversation-list.ts'
import {
  draftQuery,
  draftRejectSchema,
  personSchema,
  phoneCodeSchema,
  undoPersonSchema,
} from '../contract/desk-tools.ts'
import { idParams, noBody, noQuery } from '../contract/http.ts'
import { tagSchema } from '../contract/tag.ts'
import type { HttpDoor } from './door.ts'

const desk = ['agent', 'supervisor'] as const
const keepers = [...desk, 'administrator'] as const
const limit = 'staff'

export const deskToolsPolicy = {
  'GET /api/canned': { who: keepers, limit, query: noQuery, summary: "canned replies: everybody's and one's own" },
  'POST /api/canned': {
    who: keepers,
    limit,
    body: cannedSchema,
    summary: "a canned reply is added or changed; everybody's by a supervisor or an administrator",
  },
  'POST /api/canned/:id/remove': {
    who: keepers,
    limit,
    params: idParams,
    body: noBody,
    summary: 'a canned reply is taken away',
  },
  'GET /api/tags': { who: keepers, limit, query: noQuery, summary: 'what a finished conversation is filed under' },
  'POST /api/tags': {
    who: ['supervisor', 'administrator'],
    limit,
    body: tagSchema,
    summary: 'a tag is added, offered no more, or offered again',
  },
  'GET /api/conversations': {
    who: desk,
    limit,
    query: conversationsQuery,
    summary: "past conversations: an agent's own, all for a supervisor",
  },
  'POST /api/conversations/by-phone': {
    who: ['supervisor'],
    limit: 'reveal',
    body: conversationsOfPhoneSchema,
    summary: 'the conversations of one telephone number; audited with the reason',
  },
  'GET /api/drafts': {
    who: desk,
    limit,
    query: draftQuery,
    summary: "the bot's draft of an answer, for the agent who has the conversation",
  },
  'POST /api/drafts/rejected': {
    who: desk,
    limit,
    body: draftRejectSchema,
    summary: "the bot's draft is put away",
  },
  'POST /api/conversations/:id/person': {
    who: desk,
    limit,
    params: idParams,
    body: personSchema,
    summary: 'the citizen was found to be the owner of a telephone number; audited',
  },
  'POST /api/conversations/:id/person/code': {
    who: desk,
    limit: 'reveal',
    params: idParams,
    body: phoneCodeSchema,
    summary: 'a code is sent to a number, to find out whether it is the citizen’s; audited',
  },
  'POST /api/conversations/:id/person/undo': {
    who: desk,
    limit,
    params: idParams,
    body: undoPersonSchema,
    summary: 'that was a mistake; audited',
  },
} as const satisfies Record<string, HttpDoor>

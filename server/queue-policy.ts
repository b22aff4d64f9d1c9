/** The doors of the queue and the roster, as policy.ts has them. */
import { idParams, noQuery } from '../contract/http.ts'
import {
  capacitySchema,
  dutyPhoneSchema,
  elderSchema,
  lineHoursSchema,
  queueSettingsSchema,
  seatSchema,
  skillSchema,
  takeOverSchema,
  urgentWordsSchema,
} from '../contract/queue.ts'
import { shiftCopySchema, shiftImportSchema, shiftSchema, shiftsQuery } from '../contract/shift.ts'
import { wallRowsQuery } from '../contract/wall.ts'
import type { HttpDoor } from './door.ts'

const leads = ['supervisor', 'administrator'] as const
const desk = ['agent', 'supervisor'] as const
const limit = 'staff'

export const queuePolicy = {
  'GET /api/seats': { who: leads, limit, query: noQuery, summary: 'skills, regions and capacity of agents' },
  'POST /api/seats/:id': {
    who: leads,
    limit,
    params: idParams,
    body: seatSchema,
    summary: 'skills, regions and capacity of one agent',
  },
  'POST /api/seats/:id/duty-phone': {
    who: leads,
    limit,
    params: idParams,
    body: dutyPhoneSchema,
    summary: 'where this colleague is written to when on duty',
  },
  'POST /api/capacity': { who: leads, limit, body: capacitySchema, summary: 'how much every agent holds at a time' },
  'POST /api/skills': { who: leads, limit, body: skillSchema, summary: 'a skill that conversations may need' },
  'GET /api/urgent-words': { who: leads, limit, query: noQuery, summary: 'words that put somebody forward' },
  'POST /api/urgent-words': {
    who: leads,
    limit,
    body: urgentWordsSchema,
    summary: 'all words that put somebody forward',
  },
  'GET /api/queue-settings': { who: leads, limit, query: noQuery, summary: 'what holds for the queue as a whole' },
  'POST /api/queue-settings': {
    who: leads,
    limit,
    body: queueSettingsSchema,
    summary: 'whether the queue gives citizens to agents, and how long citizens may be silent',
  },
  'GET /api/line-hours': { who: leads, limit, query: noQuery, summary: 'who picks up at which hour, by called number' },
  'POST /api/line-hours': { who: leads, limit, body: lineHoursSchema, summary: 'the hours of one called number' },

  'GET /api/shifts': { who: leads, limit, query: shiftsQuery, summary: 'the duty roster of a month' },
  'POST /api/shifts': { who: leads, limit, body: shiftSchema, summary: 'one more shift' },
  'POST /api/shifts/:id/remove': { who: leads, limit, params: idParams, summary: 'a shift is taken out' },
  'POST /api/shift-copies': { who: leads, limit, body: shiftCopySchema, summary: 'a week like another' },
  'POST /api/shift-imports': {
    who: leads,
    limit,
    body: shiftImportSchema,
    summary: 'office hours of a month as shifts of these colleagues',
  },
  'GET /api/duty': { who: [...desk, 'administrator'], limit, query: noQuery, summary: 'who is on duty now' },

  'GET /api/wall': { who: ['supervisor'], limit, query: noQuery, summary: 'how many wait, and who works' },
  'GET /api/wall/conversations': {
    who: ['supervisor'],
    limit,
    query: wallRowsQuery,
    summary: 'what goes on, by who has it, agent, channel and lateness',
  },
  'POST /api/conversations/:id/take-over': {
    who: ['supervisor'],
    limit,
    params: idParams,
    body: takeOverSchema,
    summary: 'a conversation out of other hands, with a reason',
  },
  'POST /api/conversations/:id/elder': {
    who: desk,
    limit,
    params: idParams,
    body: elderSchema,
    summary: 'whether this citizen is sixty or more',
  },
} as const satisfies Record<string, HttpDoor>

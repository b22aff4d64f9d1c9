/** The outbox's doors as policy.test.ts and sound-asks.ts ask for them: whose each is, and a sound value of what it takes. */
const who = ['administrator', 'supervisor'] as const

/** The bureau's own rule, written a second time on purpose. */
export const outboxDoors = {
  'GET /api/outbox': who,
  'POST /api/outbox/:id/again': who,
  'POST /api/outbox/again': who,
  'GET /api/opt-outs': who,
  'POST /api/opt-outs': who,
  'POST /api/opt-outs/:id/lift': who,
  'GET /api/notices': who,
  'POST /api/notices': who,
  'POST /api/notices/:id/cancel': who,
  'GET /api/notice-sheet': who,
  'GET /api/notice-templates': who,
  'POST /api/notice-templates': ['administrator'],
} as const

const noOnesId = '7b1d6c1e-2f5a-4c6e-9d3b-0a1b2c3d4e5f'

export const soundOutboxBodies = {
  'POST /api/outbox/:id/again': {},
  'POST /api/outbox/again': {
    ...{ state: 'dead', channel: 'sms', kind: 'duty', day: '2026-11-22', to: '8000' },
    batch: '00000000-0000-4000-8000-000000000000',
  },
  'POST /api/notices/:id/cancel': {},
  'POST /api/opt-outs': { phone: '13900000001' },
  'POST /api/opt-outs/:id/lift': {},
  'POST /api/sms-replies': { from: '13900000001', text: 'TD' },
  'POST /api/notice-templates': { kind: 'payment_due', text: '{称呼}您好，请于{截止日期}前缴费。' },
} as const

export const soundOutboxQueries = {
  'GET /api/outbox': {
    state: 'dead',
    channel: 'sms',
    batch: noOnesId,
    kind: 'duty',
    day: '2026-11-22',
    to: '138****8000',
    limit: '10',
    offset: '0',
  },
  'GET /api/opt-outs': { limit: '10', offset: '0' },
  'GET /api/notices': { limit: '10', offset: '0' },
  'POST /api/notices': { kind: 'payment_due', check: '1' },
  'GET /api/notice-sheet': { kind: 'payment_due' },
  'GET /api/notice-templates': {},
} as const

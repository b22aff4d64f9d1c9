/** The doors of the queue and the roster as policy.test.ts and sound-asks.ts ask for them. */
const leads = ['supervisor', 'administrator'] as const
const desk = ['agent', 'supervisor'] as const

/** The bureau's own rule, written a second time on purpose. */
export const queueDoors = {
  'GET /api/seats': leads,
  'POST /api/seats/:id': leads,
  'POST /api/seats/:id/duty-phone': leads,
  'POST /api/capacity': leads,
  'POST /api/skills': leads,
  'GET /api/urgent-words': leads,
  'POST /api/urgent-words': leads,
  'GET /api/queue-settings': leads,
  'POST /api/queue-settings': leads,
  'GET /api/line-hours': leads,
  'POST /api/line-hours': leads,
  'GET /api/shifts': leads,
  'POST /api/shifts': leads,
  'POST /api/shifts/:id/remove': leads,
  'POST /api/shift-copies': leads,
  'POST /api/shift-imports': leads,
  'GET /api/duty': ['agent', 'supervisor', 'administrator'],
  'GET /api/wall': ['supervisor'],
  'GET /api/wall/conversations': ['supervisor'],
  'POST /api/conversations/:id/take-over': ['supervisor'],
  'POST /api/conversations/:id/elder': desk,
} as const

const noOnesId = '7b1d6c1e-2f5a-4c6e-9d3b-0a1b2c3d4e5f'
const capacity = { phone: 1, web: 8, wechat: 8 }

export const soundQueueBodies = {
  'POST /api/seats/:id': { skills: [noOnesId], regions: ['340600'], capacity },
  'POST /api/seats/:id/duty-phone': { phone: '13800138000' },
  'POST /api/capacity': capacity,
  'POST /api/skills': { id: noOnesId, name: '异地就医', words: ['异地', '备案'] },
  'POST /api/urgent-words': { words: ['抢救', '断药'] },
  'POST /api/queue-settings': { mode: 'assign', askMinutes: 15, endMinutes: 5, ageMinutes: 5 },
  'POST /api/line-hours': {
    line: '12393',
    hours: [{ on: 'workdays', from: '09:00', to: '17:30', mode: 'person-first' }],
  },
  'POST /api/shifts': { day: '2026-11-24', from: '18:00', to: '08:00', staffId: noOnesId, rank: 1 },
  'POST /api/shift-copies': { from: '2026-11-23', to: '2026-11-30' },
  'POST /api/shift-imports': { month: '2026-12', staffIds: [noOnesId] },
  'POST /api/conversations/:id/take-over': { reason: '坐席久未回复' },
  'POST /api/conversations/:id/elder': { isElder: true },
}

export const soundQueueQueries = {
  'GET /api/seats': {},
  'GET /api/urgent-words': {},
  'GET /api/queue-settings': {},
  'GET /api/line-hours': {},
  'GET /api/shifts': { month: '2026-11' },
  'GET /api/duty': {},
  'GET /api/wall': {},
  'GET /api/wall/conversations': {
    ...{ holder: 'agent', agent: noOnesId, channel: 'web', late: '1', limit: '10', offset: '0' },
  },
} as const

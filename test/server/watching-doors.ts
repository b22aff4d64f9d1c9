/** The doors of what staff are told and of jobs, as policy.test.ts and sound-asks.ts ask for them. */

/** The bureau's own rule, written a second time on purpose; what everybody may do is not listed. */
export const watchingDoors = {
  'GET /api/jobs': ['administrator'],
  'POST /api/jobs/:id/again': ['administrator'],
} as const

export const soundWatchingBodies = {
  'POST /api/alerts/:id/seen': {},
  'POST /api/alerts-seen': {},
  'POST /api/my-contacts': { phone: '13900000001', email: 'zhang@example.gov.cn' },
  'POST /api/jobs/:id/again': { name: 'outbox.send' },
} as const

export const soundWatchingQueries = {
  'GET /api/alerts': { unseen: '1', limit: '10', offset: '0' },
  'GET /api/my-contacts': {},
  'GET /api/jobs': {},
} as const

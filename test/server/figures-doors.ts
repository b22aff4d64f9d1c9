/** The doors of figures, reports and ratings as policy.test.ts and sound-asks.ts ask for them. */
const reading = ['supervisor', 'administrator'] as const

/** The bureau's own rule, written a second time on purpose. */
export const figuresDoors = {
  'GET /api/figures': reading,
  'GET /api/figures-split': reading,
  'GET /api/figures/:id/rows': reading,
  'GET /api/figures/:id/table': reading,
  'GET /api/figure-bursts': reading,
  'GET /api/reports': reading,
  'GET /api/reports/:id': reading,
  'GET /api/reports/:id/table': reading,
  'GET /api/ratings-export': reading,
  'GET /api/reasons': reading,
  'POST /api/reasons': ['supervisor'],
  'GET /api/windows': reading,
  'POST /api/windows': ['supervisor'],
  'POST /api/windows/:id/open': ['supervisor'],
  'GET /api/windows/:id/code': reading,
} as const

const one = ['答复准确']
export const soundFiguresBodies = {
  'POST /api/reasons': { 5: one, 4: one, 3: one, 2: one, 1: one },
  'POST /api/windows': { name: '三号窗口' },
  'POST /api/windows/:id/open': { isOpen: true },
}

const days = { from: '2026-11-01', to: '2026-11-21' }
const rows = {
  tag: '政策咨询',
  unit: 'agent',
  ...days,
  channel: 'web',
  agent: '7b1d6c1e-2f5a-4c6e-9d3b-0a1b2c3d4e5f',
  window: '7b1d6c1e-2f5a-4c6e-9d3b-0a1b2c3d4e5f',
  level: '1',
  counted: '1',
  limit: '10',
  offset: '0',
}
export const soundFiguresQueries = {
  'GET /api/figures': { ...days, channel: 'web' },
  'GET /api/figures-split': { ...days, channel: 'web', by: 'day' },
  'GET /api/figures/:id/rows': rows,
  'GET /api/figures/:id/table': rows,
  'GET /api/figure-bursts': {},
  'GET /api/reports': { kind: 'week', limit: '10', offset: '0' },
  'GET /api/ratings-export': days,
  'GET /api/reasons': {},
  'GET /api/windows': {},
}

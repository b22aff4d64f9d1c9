/** The doors of keys as policy.test.ts and sound-asks.ts ask for them. */

/** The bureau's own rule, written a second time on purpose. */
export const apiKeysDoors = {
  'GET /api/keys': ['administrator', 'security'],
  'POST /api/keys': ['administrator'],
  'POST /api/keys/:id/revoke': ['administrator', 'security'],
} as const

const order = {
  number: '340600-20261122-0001',
  type: 'complaint',
  urgent: false,
  title: '窗口没有人',
  text: '上午九点窗口没有人',
  city: '340600',
  person: '张三',
  phone: '13800138000',
  receivedAt: '2026-11-22T10:00:00+08:00',
  dueOn: '2026-12-01',
}
const change = {
  number: '340600-20261122-0001',
  change: 'deadline',
  at: '2026-11-23T10:00:00+08:00',
  dueOn: '2026-12-02',
  note: '市民申请延后',
}
export const soundKeysBodies = {
  'POST /api/keys': { name: '12345 平台', scopes: ['orders'], days: 365 },
  'POST /api/keys/:id/revoke': {},
  'POST /api/v1/work-orders': { orders: [order], changes: [change] },
  'POST /api/v1/work-orders/given-back': { numbers: ['340600-20261122-0001'] },
}
export const soundKeysQueries = {
  'GET /api/keys': {},
  'GET /api/v1/work-order-results': { all: '1' },
}

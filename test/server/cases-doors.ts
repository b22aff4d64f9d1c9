/** The doors of 整改 as policy.test.ts and sound-asks.ts ask for them: whose each is, and a sound value of what it takes. */
const cases = ['officer', 'supervisor', 'administrator'] as const
const ruling = ['supervisor', 'administrator'] as const

/** The bureau's own rule, written a second time on purpose. */
export const casesDoors = {
  'POST /api/conversations/:id/cases': ['agent', ...cases],
  'POST /api/cases/:id/extension': cases,
  'POST /api/cases/:id/owner': ruling,
  'GET /api/case-owners': cases,
  'GET /api/case-progress': ['agent', ...cases],
  'POST /api/cases/:id/follow-ups': cases,
  'GET /api/cases/:id/evidence': cases,
  'POST /api/cases/:id/evidence': cases,
  'GET /api/case-evidence/:id': cases,
  'GET /api/cases-table': cases,
  'GET /api/follow-ups': cases,
  'GET /api/case-rules': cases,
  'POST /api/case-rules': ruling,
  'POST /api/case-rules/remove': ruling,
  'GET /api/holidays': cases,
  'POST /api/holidays': ruling,
  'GET /api/work-orders': cases,
  'POST /api/work-orders': cases,
  'GET /api/work-orders-template': cases,
  'POST /api/work-orders-table': cases,
  'GET /api/work-order-results': cases,
  'POST /api/work-orders/given-back': cases,
} as const

export const soundCasesBodies = {
  'POST /api/conversations/:id/cases': {
    clientId: 'filing-0001',
    kind: 'complaint',
    text: '窗口让我跑了三趟。',
    contact: '13812345678',
    aboutNumber: '1001',
  },
  'POST /api/cases/:id/extension': { days: 3, reason: '等参保地回函' },
  'POST /api/cases/:id/owner': { ownerId: '0e5dd1f0-52d8-4a3a-8f61-1d1a3a0f3f11', reason: '原负责人休假' },
  'POST /api/cases/:id/follow-ups': { result: 'unreachable', note: '没有接通', nextOn: '2026-12-01' },
  'POST /api/case-rules': {
    city: '340600',
    kind: 'complaint',
    countedIn: 'working',
    firstContactDays: 1,
    dueDays: 7,
    remindDays: 1,
    reportAfterDays: 5,
    extensions: 1,
    extensionDays: 7,
    attempts: 3,
  },
  'POST /api/case-rules/remove': { city: '340600', kind: 'complaint' },
  'POST /api/holidays': {
    year: 2030,
    notice: '国办发明电〔2029〕7号',
    days: [{ day: '2030-10-01', kind: 'off', name: '国庆节' }],
  },
  'POST /api/work-orders': {
    orders: [
      {
        number: '340600-20261122-0001',
        type: 'complaint',
        urgent: false,
        title: '门诊慢特病复审超时',
        text: '提交材料一个月没有答复。',
        city: '340600',
        person: '张三',
        phone: '13800138000',
        receivedAt: '2026-11-22T10:05:00+08:00',
        dueOn: '2026-12-04',
      },
    ],
    changes: [
      {
        number: '340600-20261122-0001',
        change: 'deadline',
        at: '2026-11-23T10:05:00+08:00',
        dueOn: '2026-12-08',
        note: '市民补充材料',
      },
    ],
  },
  'POST /api/work-orders/given-back': { numbers: ['340600-20261122-0001'] },
}

const filters = {
  ...{ state: 'to_verify', kind: 'complaint', source: 'own', rung: 'remind', owner: 'mine', overdue: '1' },
  ...{ city: '340600', from: '2026-11-01', until: '2026-11-30', words: '窗口提前下班' },
}

export const soundCasesQueries = {
  'GET /api/cases': { ...filters, limit: '10', offset: '0' },
  'GET /api/case-owners': { case: '0e5dd1f0-52d8-4a3a-8f61-1d1a3a0f3f11' },
  'GET /api/case-progress': { number: 'ZG20261122-0001' },
  'GET /api/cases/:id/evidence': {},
  'POST /api/cases/:id/evidence': { name: '照片.jpg' },
  'GET /api/case-evidence/:id': {},
  'GET /api/cases-table': { ...filters, format: 'csv' },
  'GET /api/follow-ups': { mine: '1', limit: '10', offset: '0' },
  'GET /api/case-rules': {},
  'GET /api/holidays': { year: '2026' },
  'GET /api/work-orders': { stage: 'to_give_back', limit: '10', offset: '0' },
  'GET /api/work-orders-template': {},
  'POST /api/work-orders-table': { check: '1' },
  'GET /api/work-order-results': { format: 'json', all: '1' },
} as const

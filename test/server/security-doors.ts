/** The doors of what protects the rest, as policy.test.ts and sound-asks.ts ask for them. */
import { aPassword } from '../support/hotline.ts'

/** The bureau's own rule, written a second time on purpose. Doors for everybody who is signed in stand in no line here. */
export const securityDoors = {
  'POST /api/staff/:id/roles': ['security'],
  'POST /api/staff/:id/disable': ['administrator', 'security'],
  'POST /api/staff/:id/enable': ['administrator', 'security'],
  'POST /api/staff/:id/password-reset': ['administrator', 'security'],
  'POST /api/staff/:id/unlock': ['security'],
  'POST /api/staff/:id/confirm': ['administrator', 'security', 'auditor'],
  'GET /api/staff-unconfirmed': ['administrator', 'security', 'auditor'],
  'POST /api/staff/:id/totp-reset': ['security'],
  'POST /api/conversations/:id/unmask': ['agent', 'supervisor'],
  'GET /api/audit': ['auditor'],
  'GET /api/audit-table': ['auditor'],
  'GET /api/audit-check': ['auditor'],
  'GET /api/audit-anchors': ['auditor'],
  'GET /api/security': ['security'],
  'GET /api/data-requests': ['security'],
  'POST /api/data-requests/copy': ['security'],
  'POST /api/data-requests/erase': ['security'],
  'GET /api/retention': ['administrator', 'security'],
  'POST /api/retention': ['administrator'],
} as const

const subject = { phone: '13800138000', proof: 'call_back', note: '回拨核对姓名' } as const
export const soundSecurityBodies = {
  'POST /api/staff/:id/roles': { roles: ['agent'] },
  'POST /api/staff/:id/disable': { reason: '调离' },
  'POST /api/staff/:id/enable': {},
  'POST /api/staff/:id/password-reset': {},
  'POST /api/staff/:id/unlock': {},
  'POST /api/staff/:id/confirm': {},
  'POST /api/staff/:id/totp-reset': {},
  'POST /api/password': { password: aPassword, newPassword: 'Another-Horse-8', otp: '123456' },
  'POST /api/totp': { password: aPassword },
  'POST /api/totp/confirm': { code: '123456' },
  'POST /api/totp/remove': { password: aPassword, otp: '123456' },
  'POST /api/conversations/:id/unmask': { reason: '回电办理诉求' },
  'POST /api/data-requests/copy': { ...subject, format: 'json' },
  'POST /api/data-requests/erase': subject,
  'POST /api/retention': { kind: 'conversations', days: 400 },
  'POST /api/visitors/records': { token: 'x'.repeat(40), format: 'html' },
  'POST /api/visitors/erasure': { token: 'x'.repeat(40) },
} as const

const filter = { act: 'session.begin', who: '王芳', subject: '8001', from: '2026-11-01', until: '2026-11-30' }
export const soundSecurityQueries = {
  'GET /api/totp': {},
  'GET /api/staff-unconfirmed': {},
  'GET /api/audit': { ...filter, limit: '10', offset: '0' },
  'GET /api/audit-table': { ...filter, format: 'csv' },
  'GET /api/audit-check': { after: '0' },
  'GET /api/audit-anchors': {},
  'GET /api/security': {},
  'GET /api/data-requests': { limit: '10', offset: '0' },
  'GET /api/retention': {},
} as const

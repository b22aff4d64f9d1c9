/** What a row of the audit log tells beside its act, in words as far as there are any. */
import { roleNames, roles, type Role } from '../../contract/staff.ts'

const names: Record<string, string> = {
  reason: '理由',
  roles: '角色',
  extension: '分机',
  to: '改为',
  days: '天数',
  before: '原来',
  count: '条数',
  rows: '行数',
  format: '格式',
  proof: '核实',
  state: '办理',
  held: '依法保存',
}

export function detailWords(detail: Record<string, unknown>): string {
  return Object.entries(detail)
    .map(([key, value]) => `${names[key] ?? key}：${valueWords(value)}`)
    .join('；')
}

function valueWords(value: unknown): string {
  if (Array.isArray(value)) return value.map(valueWords).join('、') || '无'
  if (typeof value === 'string') return isRole(value) ? roleNames[value] : value || '无'
  return typeof value === 'number' || typeof value === 'boolean' ? String(value) : JSON.stringify(value)
}

const isRole = (value: string): value is Role => roles.some((role) => role === value)

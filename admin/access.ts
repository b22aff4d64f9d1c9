/**
 * Which page is whose. The server keeps the doors; this table only decides what the navigation offers and where
 * somebody lands after signing in, so a page that is missing here is not a page that is protected.
 */
import { roles as everybody, type Role } from '../contract/staff.ts'

export type PageName = 'desk' | 'cases' | 'entries' | 'gaps' | 'golden' | 'staff' | 'audit' | 'conversation'
type Page = {
  name: PageName
  title: string
  /** Whose work it is: the first such page is where they start. */
  roles: readonly Role[]
  /** Who may also look. */
  readers: readonly Role[]
  /** Reached from other pages only. */
  isUnlisted?: true
}

/** In the order of the navigation. */
export const pages: readonly Page[] = [
  { name: 'desk', title: '坐席台', roles: ['agent', 'supervisor'], readers: [] },
  { name: 'cases', title: '整改', roles: ['officer', 'supervisor'], readers: ['administrator', 'auditor'] },
  { name: 'entries', title: '知识', roles: ['editor', 'reviewer'], readers: everybody },
  {
    name: 'gaps',
    title: '知识缺口',
    roles: [],
    readers: ['editor', 'reviewer', 'supervisor', 'auditor', 'administrator'],
  },
  {
    name: 'golden',
    title: '知识体检',
    roles: [],
    readers: ['editor', 'reviewer', 'supervisor', 'auditor', 'administrator'],
  },
  { name: 'staff', title: '人员', roles: ['administrator'], readers: ['supervisor'] },
  { name: 'audit', title: '审计', roles: ['auditor', 'administrator'], readers: [] },
  {
    name: 'conversation',
    title: '会话',
    roles: [],
    readers: ['agent', 'supervisor', 'officer', 'administrator', 'auditor'],
    isUnlisted: true,
  },
]

export const hasRole = (roles: readonly Role[], wanted: readonly Role[]) => wanted.some((role) => roles.includes(role))

export function mayOpen(name: PageName, roles: readonly Role[]): boolean {
  return pages.some((page) => page.name === name && hasRole(roles, [...page.roles, ...page.readers]))
}

/** What the navigation offers. */
export function listedPages(roles: readonly Role[]): Page[] {
  return pages.filter((page) => !page.isUnlisted && mayOpen(page.name, roles))
}

export function startPage(roles: readonly Role[]): PageName {
  return pages.find((page) => hasRole(roles, page.roles))?.name ?? 'entries'
}

/**
 * Which page is whose. The server keeps the doors; this table only decides what the navigation offers and where
 * somebody lands after signing in, so a page that is missing here is not a page that is protected.
 */
import { roles as everybody, type Role } from '../contract/staff.ts'

/** The security administrator and the auditor see their own pages alone. */
const workers = everybody.filter((role) => role !== 'security' && role !== 'auditor')

export type PageName =
  | 'desk'
  | 'wall'
  | 'conversations'
  | 'cases'
  | 'entries'
  | 'gaps'
  | 'golden'
  | 'canned'
  | 'roster'
  | 'outbox'
  | 'wechat'
  | 'staff'
  | 'settings'
  | 'security'
  | 'audit'
  | 'account'
  | 'jobs'
  | 'keys'
  | 'figures'
  | 'figures-wall'
  | 'conversation'
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
  { name: 'wall', title: '现场', roles: [], readers: ['supervisor'] },
  { name: 'conversations', title: '会话', roles: [], readers: ['agent', 'supervisor'] },
  { name: 'cases', title: '整改', roles: ['officer', 'supervisor'], readers: ['administrator'] },
  { name: 'entries', title: '知识', roles: ['editor', 'reviewer'], readers: workers },
  {
    name: 'gaps',
    title: '知识缺口',
    roles: [],
    readers: ['editor', 'reviewer', 'supervisor', 'administrator'],
  },
  {
    name: 'golden',
    title: '知识体检',
    roles: [],
    readers: ['editor', 'reviewer', 'supervisor', 'administrator'],
  },
  { name: 'canned', title: '常用语', roles: [], readers: ['agent', 'supervisor', 'administrator'] },
  { name: 'roster', title: '值班', roles: [], readers: ['supervisor', 'administrator'] },
  { name: 'figures', title: '指标', roles: [], readers: ['supervisor', 'administrator'] },
  // Told by the desk's socket, which takes whoever works there.
  { name: 'figures-wall', title: '指标大屏', roles: [], readers: ['supervisor'], isUnlisted: true },
  { name: 'outbox', title: '发件箱', roles: [], readers: ['administrator', 'supervisor'] },
  { name: 'wechat', title: '微信公众号', roles: [], readers: ['administrator', 'supervisor'], isUnlisted: true },
  { name: 'staff', title: '人员', roles: ['administrator'], readers: ['supervisor', 'security'] },
  { name: 'settings', title: '设置', roles: [], readers: ['administrator', 'security', 'supervisor'] },
  { name: 'security', title: '安全', roles: ['security'], readers: [] },
  { name: 'audit', title: '审计', roles: ['auditor'], readers: [] },
  { name: 'keys', title: '接口密钥', roles: [], readers: ['administrator', 'security'], isUnlisted: true },
  { name: 'jobs', title: '后台任务', roles: [], readers: ['administrator'], isUnlisted: true },
  { name: 'account', title: '账号安全', roles: [], readers: everybody, isUnlisted: true },
  {
    name: 'conversation',
    title: '会话',
    roles: [],
    readers: ['agent', 'supervisor', 'officer', 'administrator'],
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
  return pages.find((page) => hasRole(roles, page.roles))?.name ?? 'account'
}

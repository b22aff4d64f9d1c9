/** Addresses of the console. Each page is a script of its own; nobody reaches one without a session. */
import { createRouter, createWebHistory, type RouteRecordRaw } from 'vue-router'
import { mayOpen, startPage, type PageName } from './access.ts'
import { whenSignedOut } from './api.ts'
import { findSession, forgetSession, session } from './session.ts'
import { product } from './wording.ts'

declare module 'vue-router' {
  interface RouteMeta {
    title?: string
    /** Whose page it is; absent for the doors outside. */
    page?: PageName
  }
}

const inside: RouteRecordRaw[] = [
  {
    path: 'desk/:conversationId?',
    name: 'desk',
    component: () => import('./desk/desk-page.vue'),
    meta: { title: '坐席台', page: 'desk' },
  },
  {
    path: 'cases',
    name: 'cases',
    component: () => import('./cases/cases-page.vue'),
    meta: { title: '整改', page: 'cases' },
  },
  {
    path: 'cases/:id',
    name: 'case',
    component: () => import('./cases/case-page.vue'),
    props: true,
    meta: { title: '整改单', page: 'cases' },
  },
  {
    path: 'follow-ups',
    name: 'follow-ups',
    component: () => import('./cases/follow-ups-page.vue'),
    meta: { title: '回访', page: 'cases' },
  },
  {
    path: 'work-orders',
    name: 'work-orders',
    component: () => import('./cases/work-orders-page.vue'),
    meta: { title: '12345 工单', page: 'cases' },
  },
  {
    path: 'case-rules',
    name: 'case-rules',
    component: () => import('./case-rules/case-rules-page.vue'),
    meta: { title: '办理期限', page: 'cases' },
  },
  {
    path: 'holidays',
    name: 'holidays',
    component: () => import('./holidays/holidays-page.vue'),
    meta: { title: '节假日', page: 'cases' },
  },
  {
    path: 'conversations',
    name: 'conversations',
    component: () => import('./conversations/conversations-page.vue'),
    meta: { title: '会话', page: 'conversations' },
  },
  {
    path: 'conversations/:id',
    name: 'conversation',
    component: () => import('./conversations/conversation-page.vue'),
    props: true,
    meta: { title: '会话', page: 'conversation' },
  },
  {
    path: 'entries',
    name: 'entries',
    component: () => import('./entries/entries-page.vue'),
    meta: { title: '知识', page: 'entries' },
  },
  {
    path: 'entries/new',
    name: 'new-entry',
    component: () => import('./entries/new-entry-page.vue'),
    meta: { title: '新建条目', page: 'entries' },
  },
  {
    path: 'entries/:id',
    name: 'entry',
    component: () => import('./entries/entry-page.vue'),
    props: true,
    meta: { title: '知识条目', page: 'entries' },
  },
  {
    path: 'trials',
    name: 'trials',
    component: () => import('./trials/trials-page.vue'),
    meta: { title: '试问', page: 'golden' },
  },
  {
    path: 'synonyms',
    name: 'synonyms',
    component: () => import('./synonyms/synonyms-page.vue'),
    meta: { title: '同义词', page: 'golden' },
  },
  {
    path: 'gaps',
    name: 'gaps',
    component: () => import('./gaps/gaps-page.vue'),
    meta: { title: '知识缺口', page: 'gaps' },
  },
  {
    path: 'gaps/:id',
    name: 'gap',
    component: () => import('./gaps/gap-page.vue'),
    props: true,
    meta: { title: '知识缺口', page: 'gaps' },
  },
  {
    path: 'golden',
    name: 'golden',
    component: () => import('./golden/golden-page.vue'),
    meta: { title: '知识体检', page: 'golden' },
  },
  {
    path: 'golden/:id',
    name: 'golden-run',
    component: () => import('./golden/run-page.vue'),
    props: true,
    meta: { title: '标准题', page: 'golden' },
  },
  {
    path: 'canned',
    name: 'canned',
    component: () => import('./canned/canned-page.vue'),
    meta: { title: '常用语', page: 'canned' },
  },
  {
    path: 'tags',
    name: 'tags',
    component: () => import('./tags/tags-page.vue'),
    meta: { title: '小结标签', page: 'canned' },
  },
  {
    path: 'wall',
    name: 'wall',
    component: () => import('./wall/wall-page.vue'),
    meta: { title: '现场', page: 'wall' },
  },
  {
    path: 'roster',
    name: 'roster',
    component: () => import('./roster/roster-page.vue'),
    meta: { title: '值班', page: 'roster' },
  },
  {
    path: 'lines',
    name: 'lines',
    component: () => import('./lines/lines-page.vue'),
    meta: { title: '线路', page: 'roster' },
  },
  {
    path: 'seats',
    name: 'seats',
    component: () => import('./staff/seats-page.vue'),
    meta: { title: '接待能力', page: 'roster' },
  },
  {
    path: 'figures',
    name: 'figures',
    component: () => import('./figures/figures-page.vue'),
    meta: { title: '指标', page: 'figures' },
  },
  {
    path: 'figures/wall',
    name: 'figures-wall',
    component: () => import('./figures/figures-wall-page.vue'),
    meta: { title: '指标大屏', page: 'figures-wall' },
  },
  {
    path: 'figures/:id',
    name: 'figure-rows',
    component: () => import('./figures/figure-rows-page.vue'),
    props: true,
    meta: { title: '指标明细', page: 'figures' },
  },
  {
    path: 'reports',
    name: 'reports',
    component: () => import('./reports/reports-page.vue'),
    meta: { title: '周报月报', page: 'figures' },
  },
  {
    path: 'reports/:id',
    name: 'report',
    component: () => import('./reports/report-page.vue'),
    props: true,
    meta: { title: '报表', page: 'figures' },
  },
  {
    path: 'reasons',
    name: 'reasons',
    component: () => import('./reasons/reasons-page.vue'),
    meta: { title: '好差评设置', page: 'figures' },
  },
  {
    path: 'staff',
    name: 'staff',
    component: () => import('./staff/staff-page.vue'),
    meta: { title: '人员', page: 'staff' },
  },
  {
    path: 'outbox',
    name: 'outbox',
    component: () => import('./outbox/outbox-page.vue'),
    meta: { title: '发件箱', page: 'outbox' },
  },
  {
    path: 'notices',
    name: 'notices',
    component: () => import('./notices/notices-page.vue'),
    meta: { title: '主动通知', page: 'outbox' },
  },
  {
    path: 'wechat',
    name: 'wechat',
    component: () => import('./wechat/wechat-page.vue'),
    meta: { title: '微信公众号', page: 'wechat' },
  },
  {
    path: 'audit',
    name: 'audit',
    component: () => import('./audit/audit-page.vue'),
    meta: { title: '审计', page: 'audit' },
  },
  {
    path: 'audit/check',
    name: 'audit-check',
    component: () => import('./audit/audit-check-page.vue'),
    meta: { title: '核验审计记录', page: 'audit' },
  },
  {
    path: 'security',
    name: 'security',
    component: () => import('./security/security-page.vue'),
    meta: { title: '安全', page: 'security' },
  },
  {
    path: 'security/data-requests',
    name: 'data-requests',
    component: () => import('./security/data-requests-page.vue'),
    meta: { title: '个人信息申请', page: 'security' },
  },
  {
    path: 'settings',
    name: 'settings',
    component: () => import('./settings/settings-page.vue'),
    meta: { title: '设置', page: 'settings' },
  },
  {
    path: 'settings/retention',
    name: 'retention',
    component: () => import('./settings/retention-page.vue'),
    meta: { title: '保存期限', page: 'settings' },
  },
  {
    path: 'settings/keys',
    name: 'keys',
    component: () => import('./keys/keys-page.vue'),
    meta: { title: '接口密钥', page: 'keys' },
  },
  {
    path: 'settings/jobs',
    name: 'jobs',
    component: () => import('./jobs/jobs-page.vue'),
    meta: { title: '后台任务', page: 'jobs' },
  },
  {
    path: 'alerts',
    name: 'alerts',
    component: () => import('./alerts/alerts-page.vue'),
    meta: { title: '提醒', page: 'account' },
  },
  {
    path: 'account',
    name: 'account',
    component: () => import('./security/account-page.vue'),
    meta: { title: '账号安全', page: 'account' },
  },
]

export const router = createRouter({
  history: createWebHistory('/console/'),
  // A filter changes the rows where they stand; another page of rows begins at its first.
  scrollBehavior: (to, from, saved) =>
    to.path === from.path && to.query['page'] === from.query['page'] ? false : (saved ?? { top: 0 }),
  routes: [
    {
      path: '/sign-in',
      name: 'sign-in',
      component: () => import('./sign-in/sign-in-page.vue'),
      meta: { title: '登录' },
    },
    {
      path: '/set-up',
      name: 'set-up',
      component: () => import('./sign-in/set-up-page.vue'),
      meta: { title: '设置密码' },
    },
    { path: '/', name: 'inside', component: () => import('./shell/shell.vue'), children: inside },
    { path: '/:rest(.*)*', redirect: { name: 'inside' } },
  ],
})

router.beforeEach(async (to) => {
  if (to.name === 'sign-in' || to.name === 'set-up') return true
  const view = await findSession()
  if (!view) return { name: 'sign-in', query: to.fullPath === '/' ? {} : { back: to.fullPath } }
  const held = [...view.roles, ...view.standsIn]
  if ((view.mustEnrol || view.isUnconfirmed) && to.name !== 'account') return { name: 'account' }
  if (to.meta.page === undefined || !mayOpen(to.meta.page, held)) return { name: startPage(held) }
  return true
})

router.afterEach((to) => {
  document.title = `${to.meta.title ?? '工作台'} · ${product}`
})

whenSignedOut(() => {
  if (!session.value) return
  forgetSession()
  const { name, fullPath } = router.currentRoute.value
  if (name !== 'sign-in') void router.push({ name: 'sign-in', query: { back: fullPath, expired: '1' } })
})

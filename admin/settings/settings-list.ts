/**
 * The pages behind 设置: what each is about, and who finds it here. A page whose address the router does not know is left
 * out, so a line may stand here before its page does.
 */
import type { Role } from '../../contract/staff.ts'

export type SettingsPage = { route: string; title: string; about: string; roles: readonly Role[] }
export type SettingsGroup = { title: string; pages: readonly SettingsPage[] }

const runners = ['administrator', 'supervisor'] as const
const accounts = ['administrator', 'security'] as const

export const settingsGroups: readonly SettingsGroup[] = [
  {
    title: '人员与排班',
    pages: [
      { route: 'staff', title: '人员', about: '账号、角色、桌面话机', roles: [...accounts, 'supervisor'] },
      { route: 'seats', title: '技能、地区与接待上限', about: '谁接哪一类、哪里的咨询，同时接几位', roles: runners },
      { route: 'roster', title: '值班', about: '谁在哪一班', roles: runners },
      { route: 'holidays', title: '节假日与调休', about: '办理时限按它数工作日', roles: runners },
      {
        route: 'lines',
        title: '线路与接听方式',
        about: '每条线什么时候先由智能客服还是人工接，排队的市民怎么分给坐席',
        roles: runners,
      },
    ],
  },
  {
    title: '接待与整改',
    pages: [
      { route: 'canned', title: '常用语', about: '坐席随手可用的话', roles: runners },
      { route: 'tags', title: '小结标签', about: '会话结束时归到哪一类', roles: runners },
      { route: 'reasons', title: '评价原因', about: '每一档评价可选的原因', roles: runners },
      { route: 'case-rules', title: '各地办理规则', about: '每个城市投诉、差评的时限和催办', roles: runners },
      { route: 'notices', title: '主动通知', about: '短信通知的模板和发送', roles: runners },
      { route: 'wechat', title: '微信公众号', about: '开通、菜单和二维码', roles: runners },
      { route: 'outbox', title: '发件箱', about: '发出的短信、邮件和谁不要再收', roles: runners },
      { route: 'jobs', title: '后台任务', about: '系统自己做的事，失败了在这里重做', roles: ['administrator'] },
    ],
  },
  {
    title: '安全与保存',
    pages: [
      { route: 'keys', title: '接口密钥', about: '12345 等系统收单、取结果用的密钥', roles: accounts },
      { route: 'security', title: '安全', about: '三员分立、双因素认证', roles: ['security'] },
      { route: 'data-requests', title: '个人信息申请', about: '市民要记录、要求删除', roles: ['security'] },
      { route: 'retention', title: '保存期限', about: '对话、回电、投诉各保存多久', roles: accounts },
      { route: 'audit', title: '审计', about: '谁在什么时候做了什么', roles: ['auditor'] },
    ],
  },
]

/** @param isThere whether the router knows an address by that name. */
export function groupsFor(held: readonly Role[], isThere: (route: string) => boolean): SettingsGroup[] {
  return settingsGroups.flatMap(({ title, pages }) => {
    const mine = pages.filter(({ route, roles }) => isThere(route) && roles.some((role) => held.includes(role)))
    return mine.length > 0 ? [{ title, pages: mine }] : []
  })
}

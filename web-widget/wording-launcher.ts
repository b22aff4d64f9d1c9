/** The launcher's few words; apart from wording.ts, so that a host page does not load the panel's. */
export const wording = {
  label: '咨询',
  title: '在线咨询',
  unread: (count: number) => `咨询，有 ${count} 条新消息`,
} as const

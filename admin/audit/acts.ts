/** The acts that the audit trail knows, in words. An act without words is shown as it is kept, never left out. */
const words = new Map([
  ['session.begin', '登录'],
  ['session.refused', '登录被拒'],
  ['staff.create', '开通账号'],
  ['staff.extension', '设置话机分机'],
  ['conversation.claim', '接待会话'],
  ['conversation.look', '查看不在自己手上的会话'],
  ['callback.recording', '收听留言'],
  ['conversation.close', '结束会话'],
  ['callback.phone', '查看回电号码'],
  ['callback.done', '登记回电'],
  ['case.contact', '查看投诉人号码'],
  ['case.move', '办理整改单'],
  ['entry.draft', '新建条目'],
  ['entry.revise', '新写一版'],
  ['gap.give', '安排缺口'],
  ['gap.draft', '缺口写成新条目'],
  ['gap.attach', '缺口并入条目'],
  ['gap.dismiss', '缺口不处理'],
  ['gap.reopen', '重新处理缺口'],
  ['revision.submit', '提交审核'],
  ['revision.approve', '审核通过'],
  ['revision.publish', '发布知识'],
  ['revision.withdraw', '撤下知识'],
])

export const actWords = (act: string): string => words.get(act) ?? act

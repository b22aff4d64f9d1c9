/** What a person reads for each foreseen failure. Exhaustive: a new code does not compile until it has words. */
import { Problem, type FaultyField, type ProblemCode } from '../contract/problem.ts'
import { isDatabaseAway } from './db/database.ts'

const words: Record<ProblemCode, string> = {
  invalid_input: '填写的内容有误，请按提示修改',
  not_signed_in: '请先登录',
  wrong_credentials: '登录名或密码不对',
  otp_required: '请填写验证器上的 6 位验证码',
  enrolment_required: '您的角色须先启用双因素认证，再做其他事',
  confirmation_required: '您的账号还要由另一位管理员确认，确认后才能使用',
  not_allowed: '您没有做这件事的权限',
  csrf_refused: '页面已过期，请刷新后再试',
  origin_refused: '不接受来自这个网站的请求',
  too_many_requests: '操作太频繁，请稍后再试',
  too_large: '内容太大',
  not_found: '没有找到',
  conflict: '与现有内容冲突，请刷新后再试',
  already_claimed: '这个会话已由其他同事接待',
  at_capacity: '您手上这个渠道的会话已到上限，请先结束一个再接待；上限由班长在“人员”里设置',
  already_rated: '这次服务已经评价过了',
  rating_closed: '评价已过期',
  not_your_conversation: '这个会话不在您手上',
  conversation_moved_on: '对方刚刚又说了话，请看过再发',
  conversation_closed: '这个会话已经结束',
  illegal_move: '现在不能这样办理',
  approver_is_author: '不能审核自己写的内容，请由另一位同事审核',
  publish_worsens: '发布后，下面的问法会比现在答得差。请改好再发布；确需发布的，由审核人写明理由',
  transfer_over: '这次转接已经结束',
  not_ready: '系统正在准备，请稍后再试',
  internal: '系统出了点问题，请稍后再试',
}

export type Refusal = { code: ProblemCode; message: string; fields?: readonly FaultyField[] }

/**
 * Anything that is no Problem is logged whole by the caller. Where the database is away for a moment the person is
 * told to try again, which the widget does by itself; all else is a bug and reads `internal`.
 */
export function refusalOf(error: unknown): Refusal {
  if (!(error instanceof Problem)) {
    const code = isDatabaseAway(error) ? 'not_ready' : 'internal'
    return { code, message: words[code] }
  }
  const message =
    error.code === 'already_claimed' && /^\w{2,12}$/.test(error.message)
      ? `${words.already_claimed}（工号 ${error.message}）`
      : words[error.code]
  return { code: error.code, message, ...(error.fields.length > 0 && { fields: error.fields }) }
}

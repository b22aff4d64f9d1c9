/** What WeChat's answer to one of our calls means for us. Codes: developers.weixin.qq.com, 全局返回码. */

/**
 * `token`: fetch another and try once more. `busy`: later. `window`: nothing may be sent to this citizen now.
 * `gone`: the citizen does not follow us any more, or refuses. `set-up`: an operator has to put something right.
 * `refused`: this message is not taken.
 */
export type Failure = 'token' | 'busy' | 'window' | 'gone' | 'set-up' | 'refused'

/** developer.work.weixin.qq.com, 全局错误码. The session, the count and the time of the company's customer service. */
const companyCodes: Record<number, Failure> = {
  45033: 'busy',
  48002: 'set-up',
  60020: 'set-up',
  95001: 'window',
  95002: 'window',
  95011: 'set-up',
  95013: 'window',
  95016: 'refused',
  95017: 'set-up',
  95018: 'window',
}

const byCode: Record<number, Failure> = {
  [-1]: 'busy',
  40001: 'token',
  40014: 'token',
  42001: 'token',
  41001: 'token',
  45011: 'busy',
  45009: 'busy',
  45015: 'window',
  45047: 'window',
  43004: 'gone',
  43019: 'gone',
  43101: 'gone',
  50002: 'gone',
  40003: 'gone',
  40013: 'set-up',
  40125: 'set-up',
  40164: 'set-up',
  40037: 'set-up',
  40200: 'set-up',
  40243: 'set-up',
  47003: 'set-up',
  48001: 'set-up',
  48004: 'set-up',
  89501: 'set-up',
  89503: 'set-up',
  89506: 'set-up',
  89507: 'set-up',
  ...companyCodes,
}

export const failureOf = (code: number): Failure => byCode[code] ?? 'refused'

export const codesOf = (failure: Failure): number[] =>
  Object.entries(byCode).flatMap(([code, means]) => (means === failure ? Number(code) : []))

/** What an operator does about it, for the codes that are the operator's. */
export const remedies: Readonly<Record<number, string>> = {
  [-1]: '微信的服务器忙，几分钟后再看；一直这样，请在微信开放社区查故障公告',
  40001: '凭证不对：请核对 WECHAT_APP_SECRET；别的系统也用这个号时，请都改用稳定版接口凭证（stable_token）',
  40243: 'AppSecret 已冻结：请在公众平台“基本配置”解冻',
  41002: '没有填 AppID：请设置 WECHAT_APP_ID',
  41004: '没有填 AppSecret：请设置 WECHAT_APP_SECRET',
  45011: '调用太频繁，请一分钟后再看',
  48004: '这个号的接口被封禁：请登录公众平台看站内信并申诉',
  89501: '本机 IP 正等管理员确认：请管理员在微信里点“确认”',
  89503: '从本机 IP 调用要管理员确认：请管理员在微信里点“确认”',
  89506: '管理员拒绝过两次，24 小时内不能再从本机 IP 调用：请管理员同意后再试',
  89507: '管理员拒绝过一次，1 小时内不能再从本机 IP 调用：请管理员同意后再试',
  40013: 'AppID 不对：请核对 WECHAT_APP_ID 与公众平台“基本配置”里的 AppID',
  40125: 'AppSecret 不对：请在公众平台重置后更新 WECHAT_APP_SECRET',
  40164: '本机 IP 不在白名单：请把服务器的公网 IP 加进公众平台“基本配置 → IP 白名单”',
  40200: '这个公众号的类型没有这项能力：需要已认证的服务号',
  48001: '公众号没有这个接口的权限：需要已认证，或在“接口权限”里开通',
  40037:
    '订阅通知的模板 ID 不对：请在公众平台“订阅通知 → 我的模板”复制模板 ID，改好 WECHAT_NOTICE_TEMPLATE_ID 后重新启动',
  47003:
    '订阅通知的字段和模板对不上：请在公众平台“订阅通知 → 我的模板”核对字段名（如 thing1、time2），改好 WECHAT_NOTICE_FIELDS 后重新启动',
  45009: '今天的调用次数用完了，明天零点恢复',
}

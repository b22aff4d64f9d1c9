/** What WeChat's answer to one of our calls means for us. Codes: developers.weixin.qq.com, 全局返回码. */

/**
 * `token`: fetch another and try once more. `busy`: later. `window`: nothing may be sent to this citizen now.
 * `gone`: the citizen does not follow us any more, or refuses. `set-up`: an operator has to put something right.
 * `refused`: this message is not taken.
 */
export const failures = ['token', 'busy', 'window', 'gone', 'set-up', 'refused'] as const
export type Failure = (typeof failures)[number]

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
  40200: 'set-up',
  48001: 'set-up',
  ...companyCodes,
}

export const failureOf = (code: number): Failure => byCode[code] ?? 'refused'

export const codesOf = (failure: Failure): number[] =>
  Object.entries(byCode).flatMap(([code, means]) => (means === failure ? Number(code) : []))

/** What an operator does about it, for the codes that are the operator's. */
export const remedies: Readonly<Record<number, string>> = {
  40013: 'AppID 不对：请核对 WECHAT_APP_ID 与公众平台“基本配置”里的 AppID',
  40125: 'AppSecret 不对：请在公众平台重置后更新 WECHAT_APP_SECRET',
  40164: '本机 IP 不在白名单：请把服务器的公网 IP 加进公众平台“基本配置 → IP 白名单”',
  40200: '这个公众号的类型没有这项能力：需要已认证的服务号',
  48001: '公众号没有这个接口的权限：需要已认证，或在“接口权限”里开通',
  45009: '今天的调用次数用完了，明天零点恢复',
}

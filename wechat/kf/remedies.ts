import type { UndeliveredWhy } from '../../contract/wechat-desk.ts'

/** What an operator does about it, for the codes of the company's customer service that are the operator's. */
export const kfRemedies: Readonly<Record<number, string>> = {
  40001: 'Secret 不对：请在企业微信后台“应用管理”打开调用微信客服接口的自建应用，把它的 Secret 填进 WECHAT_KF_SECRET',
  40013: '企业 ID 不对：请核对 WECHAT_KF_CORP_ID 与企业微信后台“我的企业 → 企业 ID”',
  45009: '接口调用太频繁，过一会儿再试',
  45033: '同时调用得太多，过一会儿再试',
  48002:
    '这个应用没有微信客服的权限：请在企业微信后台“微信客服 → API → 可调用接口的应用”里加上它，并把客服账号交给它管理',
  60020: '本机 IP 不可信：请在企业微信后台“应用管理 → 该应用 → 企业可信 IP”里加上服务器的公网 IP',
  95011: '客服账号正在企业微信里使用：请在企业微信后台“微信客服 → API”改为通过 API 管理',
  95017: 'API 开关没有打开：请在企业微信后台“微信客服 → API”里打开',
}

/** Why a message did not arrive: codes of kf/send_msg, and the types of msg_send_fail, which are below 100. */
export const kfWhys: Readonly<Record<number, UndeliveredWhy>> = {
  4: 'window',
  5: 'elsewhere',
  6: 'quota',
  10: 'gone',
  95001: 'quota',
  95002: 'window',
  95013: 'elsewhere',
  95018: 'elsewhere',
}

export const kfGone: readonly number[] = Object.entries(kfWhys).flatMap(([code, why]) =>
  why === 'gone' ? Number(code) : [],
)

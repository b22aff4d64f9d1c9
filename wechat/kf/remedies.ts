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

/** Why a message did not arrive, for agents: codes of kf/send_msg, and the types of msg_send_fail (below 100). */
export const kfUndelivered: Readonly<Record<number, string>> = {
  0: '微信没有说明原因',
  1: '这个客服账号已经删除',
  2: '这个客服应用已经停用',
  4: '距市民上一条消息已超过 48 小时',
  5: '这次会话已经结束，市民再发消息就能继续',
  6: '市民上一条消息之后已发满 5 条，市民再发消息就能继续',
  7: '客服账号还没有绑定视频号',
  8: '企业主体还没有验证',
  9: '客服账号没有绑定视频号，企业主体也没有验证',
  10: '市民拒收了',
  95001: '市民上一条消息之后已发满 5 条，市民再发消息就能继续',
  95002: '距市民上一条消息已超过 48 小时',
  95013: '这次会话已经结束，市民再发消息就能继续',
  95018: '会话在企业微信的同事那里，他们结束后、市民再发消息就能继续',
}

/** How far the account is set up, step by step, each with what to do about it. */
import type { StepState } from '../contract/wechat.ts'
import { WechatRefusal, type WechatApi } from './api.ts'
import { remedies } from './api-outcome.ts'

type Parts = {
  isSetUp: boolean
  callbackUrl: string
  /** When the platform last came with a message that was its own. */
  lastHeard: () => Promise<Date | undefined>
  api: Pick<WechatApi, 'probe'> | undefined
}

export async function setUpSteps({ isSetUp, callbackUrl, lastHeard, api }: Parts): Promise<StepState[]> {
  if (!isSetUp || !api)
    return [
      {
        step: 'settings',
        state: 'open',
        told: '请设置 WECHAT_APP_ID、WECHAT_APP_SECRET、WECHAT_TOKEN、WECHAT_AES_KEY 后重新启动',
      },
    ]
  const heard = await lastHeard()
  return [
    { step: 'settings', state: 'done', told: '设置齐全' },
    heard
      ? { step: 'knock', state: 'done', told: '已收到微信签名正确的消息' }
      : {
          step: 'knock',
          state: 'open',
          told: `还没有收到过消息：请在公众平台“基本配置”把服务器地址填为 ${callbackUrl}，Token、EncodingAESKey 和加解密方式与本机一致，再从微信里发一条消息`,
        },
    await tokenStep(api),
  ]
}

async function tokenStep(api: Pick<WechatApi, 'probe'>): Promise<StepState> {
  try {
    await api.probe()
    return { step: 'token', state: 'done', told: '能取得接口凭证' }
  } catch (error) {
    if (!(error instanceof WechatRefusal))
      return { step: 'token', state: 'failed', told: '连不上微信的服务器：请检查网络和 WECHAT_API_BASE' }
    const remedy = remedies[error.code] ?? '请到公众平台查这个错误码'
    return { step: 'token', state: 'failed', told: `取接口凭证时微信返回 ${error.code}。${remedy}` }
  }
}

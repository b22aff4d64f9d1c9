/** How far a road to WeChat is set up, step by step, each with what to do about it. */
import type { StepState } from '../contract/wechat.ts'
import { WechatRefusal } from './api.ts'
import type { RefusedFor } from './refused-knock.ts'

/** Who knocked at the door since the start: the platform, or somebody much like it who was refused. */
export type Knocks = { goodAt?: Date; bad?: { at: Date; refusedFor: RefusedFor } }

export type SetUpParts = {
  isSetUp: boolean
  callbackUrl: string
  knocks: Knocks
  /** When the platform last came with a message that was its own. */
  lastHeard: () => Promise<Date | undefined>
  /** One call that needs a token and our address to be known. @throws WechatRefusal */
  probe: (() => Promise<unknown>) | undefined
  words: SetUpWords
}
export type SetUpWords = {
  /** What to set, and that it is read at the start. */
  settings: string
  /** Where the address is written on the platform's side. */
  place: string
  /** What a first message is. */
  firstWord: string
  remedies: Readonly<Record<number, string>>
}

/** The platform does not know the address that we call from: it gives no token, or it gives one and takes no call. */
const unknownAddress: Readonly<Record<number, 'no-token' | 'no-call'>> = {
  40164: 'no-token',
  60020: 'no-call',
  89501: 'no-token',
  89503: 'no-token',
  89506: 'no-token',
  89507: 'no-token',
}
const refusals: Record<RefusedFor, (place: string) => string> = {
  clock: () => '本机时间和微信差得太多，微信的请求都会被拒绝。请校准服务器时间（timedatectl）',
  signature: (place) => `签名不对。请核对${place}的 Token 与本机一致`,
  plain: (place) => `收到的是明文。请在${place}把加解密方式改成“安全模式”，或者改本机设置的加解密方式`,
  key: (place) => `签名对，内容解不开。请核对${place}的 EncodingAESKey 和 AppID（企业 ID）与本机一致`,
  form: () => '签名对，内容不是微信的消息。请核对填的是不是这条渠道的地址',
}
const gotToken: StepState = { step: 'token', state: 'done', told: '能取得接口凭证' }

export async function setUpSteps(parts: SetUpParts): Promise<StepState[]> {
  const { isSetUp, callbackUrl, knocks, lastHeard, probe, words } = parts
  if (!isSetUp || !probe) return [{ step: 'settings', state: 'open', told: words.settings }]
  const heard = await lastHeard()
  const isReached = heard !== undefined || knocks.goodAt !== undefined || knocks.bad !== undefined
  return [
    { step: 'settings', state: 'done', told: '设置齐全' },
    isReached
      ? { step: 'reach', state: 'done', told: '已有请求到达服务器地址' }
      : {
          step: 'reach',
          state: 'open',
          told: `还没有人来过：请在${words.place}把服务器地址填为 ${callbackUrl}，并确认它从外网打得开`,
        },
    knockStep(heard, parts),
    ...(await callSteps(probe, words.remedies)),
  ]
}

function knockStep(heard: Date | undefined, { knocks: { goodAt, bad }, words }: SetUpParts): StepState {
  const good = Math.max(heard?.getTime() ?? 0, goodAt?.getTime() ?? 0)
  // What was right last month says nothing where somebody has changed a key since.
  if (bad && bad.at.getTime() > good)
    return { step: 'knock', state: 'failed', told: `最近一次请求没有通过：${refusals[bad.refusedFor](words.place)}` }
  if (heard) return { step: 'knock', state: 'done', told: '已收到微信签名正确的消息' }
  const told = goodAt
    ? `地址已验证，还没有收到过消息：请${words.firstWord}`
    : `还没有收到过消息：请先填好服务器地址，再${words.firstWord}`
  return { step: 'knock', state: 'open', told }
}

async function callSteps(probe: () => Promise<unknown>, remedies: SetUpWords['remedies']): Promise<StepState[]> {
  try {
    await probe()
    return [gotToken, { step: 'ip', state: 'done', told: '微信认得本机的 IP' }]
  } catch (error) {
    if (!(error instanceof WechatRefusal))
      return [{ step: 'token', state: 'failed', told: '连不上微信的服务器：请检查网络和接口地址的设置' }]
    const told = `微信返回 ${error.code}。${remedies[error.code] ?? `请在微信开放文档的“全局返回码”里查 ${error.code}`}`
    const failed = unknownAddress[error.code]
    if (failed === undefined)
      return [
        { step: 'token', state: 'failed', told },
        { step: 'ip', state: 'open', told: '先取得接口凭证' },
      ]
    return [
      failed === 'no-call' ? gotToken : { step: 'token', state: 'open', told: '先让微信认得本机的 IP' },
      { step: 'ip', state: 'failed', told },
    ]
  }
}

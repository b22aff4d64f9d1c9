/** A code to scan in WeChat, made by the platform and drawn here. */
import { toString as drawCode } from 'qrcode'
import { z } from 'zod'
import type { WechatApi } from '../wechat/api.ts'
import { mostSceneChars, sceneWords, type Scene } from '../wechat/scene.ts'

const codeAnswer = z.object({ url: z.string().min(1) })

export const fitsCode = (scene: Scene): boolean => sceneWords(scene).length <= mostSceneChars

/**
 * @param expireSeconds absent: for good, to be printed
 * @returns an SVG. @throws whatever the call throws
 */
export async function drawScene(api: Pick<WechatApi, 'call'>, scene: Scene, expireSeconds?: number): Promise<string> {
  const info = { action_info: { scene: { scene_str: sceneWords(scene) } } }
  const asked =
    expireSeconds === undefined
      ? { action_name: 'QR_LIMIT_STR_SCENE', ...info }
      : { action_name: 'QR_STR_SCENE', expire_seconds: expireSeconds, ...info }
  const { url } = codeAnswer.parse(await api.call('/cgi-bin/qrcode/create', asked))
  return drawCode(url, { type: 'svg', margin: 4 })
}

/** The pass of a page inside WeChat, as the platform's own example makes it. */
import { expect, it } from 'vitest'
import { pageSignature } from '../../wechat/page-signing.ts'

const ticket = 'sM4AOVdWfPE4DxkXGEs8VMCPGGVi4C3VM0P37wVUCFvkVAy_90u5h9nbSlYy3-Sl-HhTdfl2fzFy1AOcHKP7qg'
const stamp = { nonce: 'Wm3WZYTPz0wzccnW', timestamp: '1414587457' }

it('is signed as in the platform’s example, without what stands behind #', () => {
  const example = '0f9de62fce790f9a083d5c99e95740ceb90c27ed'
  expect(pageSignature(ticket, stamp, 'http://mp.weixin.qq.com?params=value')).toBe(example)
  expect(pageSignature(ticket, stamp, 'http://mp.weixin.qq.com?params=value#wechat_redirect')).toBe(example)
  expect(pageSignature(ticket, stamp, 'http://mp.weixin.qq.com')).toBe('f4d90daf4b3bca3078ab155816175ba34c443a7b')
})

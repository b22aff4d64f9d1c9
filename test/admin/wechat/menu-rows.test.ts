import fc from 'fast-check'
import { expect, it } from 'vitest'
import { menuOf, rowsOf } from '../../../admin/wechat/menu-rows.ts'
import { wechatMenuSchema } from '../../../contract/wechat.ts'

it('gives a menu back as it was', () => {
  const what = fc.oneof(
    fc.record({ say: fc.constantFrom('异地就医怎么备案', '转人工') }),
    fc.record({ link: fc.webUrl() }),
  )
  const named = what.map((does) => ({ name: '问政策', ...does }))
  const button = fc.oneof(
    named.map((one) => ({ ...one, buttons: [] })),
    fc.array(named, { minLength: 1, maxLength: 5 }).map((buttons) => ({ name: '更多', buttons })),
  )
  fc.assert(
    fc.property(fc.array(button, { minLength: 1, maxLength: 3 }), (buttons) => {
      const menu = wechatMenuSchema.parse({ buttons })
      expect(menuOf(rowsOf(menu))).toEqual(menu)
    }),
  )
})

it('lets a button with others below do nothing by itself', () => {
  const row = { name: ' 更多 ', say: '你好', link: '', buttons: [{ name: '人工', say: '转人工', link: '' }] }
  expect(menuOf([row])).toEqual({ buttons: [{ name: '更多', buttons: [{ name: '人工', say: '转人工' }] }] })
})

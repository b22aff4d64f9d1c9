import fc from 'fast-check'
import { expect, it } from 'vitest'
import { declinesContact, levelIn, phoneIn, saysNo, saysYes } from '../../../bot/dialogs/answers.ts'

it.each([
  ['13800138000', '13800138000'],
  ['138 0013 8000', '13800138000'],
  ['我的电话是138-0013-8000，谢谢', '13800138000'],
  ['+8613800138000', '13800138000'],
  ['１３８００１３８０００', '13800138000'],
  ['0561-3051234', '05613051234'],
])('finds the number in %s', (said, phone) => {
  expect(phoneIn(said)).toBe(phone)
})

it.each(['12345', '340602199001011234', '不留', '', '110', '1380013800'])('finds no number in %s', (said) => {
  expect(phoneIn(said)).toBeUndefined()
})

it('finds any mobile number however it is spaced', () => {
  fc.assert(
    fc.property(fc.stringMatching(/^1[3-9]\d{9}$/), fc.constantFrom('', ' ', '-'), (phone, gap) => {
      const spaced = [phone.slice(0, 3), phone.slice(3, 7), phone.slice(7)].join(gap)
      return phoneIn(`打${spaced}吧`) === phone
    }),
  )
})

it('reads a level from its name and its number alone', () => {
  expect(levelIn('非常满意')).toBe(5)
  expect(levelIn('不满意。')).toBe(2)
  expect(levelIn('3分')).toBe(3)
  for (const said of ['6', '0', '满意吗', '十分', '']) expect(levelIn(said)).toBeUndefined()
})

it('tells yes from no and never both', () => {
  expect(['是的', '确认提交', '好的。', '行'].every(saysYes)).toBe(true)
  expect(['不是', '取消', '算了', '不用了'].every(saysNo)).toBe(true)
  expect(['不留电话', '不方便', '没有'].every(declinesContact)).toBe(true)
  fc.assert(fc.property(fc.string(), (said) => !(saysYes(said) && saysNo(said))))
})

/** Passwords that anybody would try, and ones that nobody would. */
import { expect, it } from 'vitest'
import { passwordFault } from '../../contract/password.ts'
import { chosenPasswordSchema } from '../../contract/staff.ts'

it.each([
  'Aa12345678',
  'Aa123456789!',
  'Password123!',
  'P@ssw0rd2026',
  'Admin@2026!!',
  'Qwer1234!@#$',
  '1qaz@WSX3edc',
  'Abcd1234!!!!',
  'Zxcvbn,./9876',
  'Yibao@2026',
  'Woaini520520',
  'AAAA1111!!!!',
  'Abababab1212',
])('%s is too easy to guess', (password) => {
  const [issue] = chosenPasswordSchema.safeParse(password).error?.issues ?? []
  expect(issue?.message).toMatch(/太容易猜|不同的字符太少/)
})

it.each(['Correct-Horse-9', 'Zuo-xi-2026', 'Bench-Password-1', 'xK7!pq2mRz', '春眠不觉晓-Aa9处处'])(
  '%s may be',
  (password) => {
    expect(chosenPasswordSchema.safeParse(password).success).toBe(true)
  },
)

it('says one thing of a password that is too short: that', () => {
  const issues = chosenPasswordSchema.safeParse('Aa1234567').error?.issues ?? []
  expect(issues.map(({ message }) => message)).toEqual(['密码至少 10 位，且含大写字母、小写字母、数字、符号中的三类'])
})

it('tells of its holder by no name, number or bureau, however it is written', () => {
  const about = ['wangfang', '8001', '王芳', '淮北市医疗保障局']
  for (const password of ['WangFang-xk72!', 'xk-8001-Mz!qP', 'Xk72王芳mzqp!', 'xQ-淮北市医疗保障局-7'])
    expect(passwordFault(password, about), password).toContain('不能有您的登录名')
  expect(passwordFault('Correct-Horse-9', [...about, 'Co', '王'])).toBeUndefined()
})

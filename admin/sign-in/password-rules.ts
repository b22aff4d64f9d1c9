/** What a new password must keep to, in words, and whether it does: contract/staff.ts and contract/password.ts rule it. */
import { passwordFault } from '../../contract/password.ts'

/** The kinds of characters that a password is counted by, as contract/staff.ts rules them. */
const kinds = [/[a-z]/, /[A-Z]/, /\d/, /[^A-Za-z0-9]/]

const kindsOf = (password: string) => kinds.filter((kind) => kind.test(password)).length

export function passwordRules(password: string): { words: string; kept: boolean }[] {
  const isLong = password.length >= 10
  const fault = isLong ? passwordFault(password) : undefined
  return [
    { words: '至少 10 位', kept: isLong },
    { words: '大写字母、小写字母、数字、符号中至少三类', kept: kindsOf(password) >= 3 },
    { words: fault ?? '不容易猜：没有连续的数字、键盘上挨着的键、常见的词', kept: isLong && !fault },
  ]
}

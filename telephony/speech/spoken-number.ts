/**
 * Numbers as they are said in Mandarin: 两千二百 and not 二千二百, 两个 and not 二个, 幺二三九三 on the telephone.
 *
 * Invariant: what comes out has no digit left.
 */
import nzh from 'nzh'

const digitNames = ['零', '一', '二', '三', '四', '五', '六', '七', '八', '九'] as const

/** Words that are counted with 两. Not 日, 号, 月, 级, 型, 楼: those are named, not counted. */
const counted =
  /^\s*(?:个|年(?!级)|次|倍|名|人|家|位|项|条|种|天|周|小时|分钟|张|份|组|岁|元|块|万|亿|千|件|部|批|本|类|支|盒|片|瓶|台|间|笔|户|代|所|处|步|档|只|季度|方面|成)/u
/** Beyond this many digits it is a name (an identity number, an order) and not an amount. */
const longestAmount = 16

/** One digit after another; `幺` is what a telephone number, and only that, says for one. */
export function digitByDigit(digits: string, one: '幺' | '一' = '一'): string {
  return digits.replace(/\d/g, (digit) => (digit === '1' ? one : (digitNames[Number(digit)] ?? '')))
}

/**
 * @param written digits with at most one point: "3000", "0.35"
 * @param followedBy the text after it, which decides between 二 and 两
 */
export function amount(written: string, followedBy = ''): string {
  const [whole = '0', fraction] = written.split('.')
  const said = integer(whole, fraction === undefined ? followedBy : '')
  return fraction === undefined ? said : `${said}点${digitByDigit(fraction)}`
}

function integer(digits: string, followedBy: string): string {
  if (digits.length > longestAmount || /^0\d/.test(digits)) return digitByDigit(digits)
  if (digits === '2' && counted.test(followedBy)) return '两'
  return nzh.cn.encodeS(digits).replace(/^二(?=[千万亿])/, '两')
}

/**
 * What a password may not be, beside too short: guessed from a list, from a keyboard or from its holder. The console shows
 * the same words while it is typed. GB/T 22239 level 3, 8.1.4.1 a).
 */
const shortest = 10
/** So many characters must be left when what anybody would guess is taken out. */
const unguessedLeast = 6
const differentLeast = 6

/** What people put into passwords, in no order; digits and signs around them are tried by every list. */
const commonWords = [
  ...[
    'password',
    'passwd',
    'pass',
    'admin',
    'administrator',
    'root',
    'user',
    'guest',
    'test',
    'demo',
    'default',
    'secret',
  ],
  ...['welcome', 'hello', 'login', 'master', 'super', 'system', 'manager', 'letmein', 'changeme', 'temp', 'sysadmin'],
  ...[
    'iloveyou',
    'love',
    'dragon',
    'monkey',
    'sunshine',
    'princess',
    'football',
    'shadow',
    'superman',
    'summer',
    'winter',
  ],
  ...['woaini', 'nihao', 'mima', 'guanliyuan', 'guanli', 'yonghu', 'ceshi', 'zhongguo', 'china', 'beijing', 'shanghai'],
  ...['yibao', 'yiliao', 'baozhang', 'shebao', 'zuoxi', 'kefu', 'rexian', 'hotline', 'budayang', 'shenji', 'anquan'],
]
const keyRows = [
  '`1234567890-=',
  '~!@#$%^&*()_+',
  'qwertyuiop[]',
  'asdfghjkl;',
  'zxcvbnm,./',
  'abcdefghijklmnopqrstuvwxyz',
  '0123456789',
]
/** Columns of the keyboard: 1qaz2wsx. */
const keyColumns = ['1qaz', '2wsx', '3edc', '4rfv', '5tgb', '6yhn', '7ujm', '8ik', '9ol', '0p']
const runLeast = 3
const alike: Readonly<Record<string, string>> = { '@': 'a', '0': 'o', '1': 'l', '3': 'e', $: 's', '5': 's', '!': 'i' }

/**
 * @param about what is known of its holder: names, work number, bureau. Shorter than three letters (two Chinese ones) tell
 *   nothing and are left out.
 * @returns why not, in words for its holder; undefined when it may be.
 */
export function passwordFault(password: string, about: readonly string[] = []): string | undefined {
  const low = password.toLowerCase()
  if (password.length < shortest) return undefined // said by the rule of its form
  if (about.some((told) => isTelling(told) && low.includes(told.toLowerCase())))
    return '密码里不能有您的登录名、姓名、工号或单位名称'
  if (new Set(low).size < differentLeast) return `密码里不同的字符太少，至少要有 ${differentLeast} 种`
  const left = withoutWords(withoutRuns(low))
  if (left.length < unguessedLeast)
    return '密码太容易猜：连续的数字或字母、键盘上挨着的键、重复的字、年份和常见的词都不算，请再加些别的'
  return undefined
}

function isTelling(told: string): boolean {
  return told.length >= (/\p{Script=Han}/u.test(told) ? 2 : 3)
}

function withoutWords(low: string): string {
  const plain = [...low].map((sign) => alike[sign] ?? sign).join('')
  const isOf = [...low].map(() => false)
  for (const word of commonWords)
    for (const read of [low, plain])
      for (let at = read.indexOf(word); at >= 0; at = read.indexOf(word, at + 1)) isOf.fill(true, at, at + word.length)
  return [...low].filter((_, at) => !isOf[at]).join('')
}

/** Takes out years, a sign said three times, and three or more signs that stand beside one another, either way round. */
function withoutRuns(low: string): string {
  const orders = [...keyRows, ...keyColumns].flatMap((row) => [row, [...row].reverse().join('')])
  const bare = low.replaceAll(/(?:19|20)\d\d/g, ' ').replaceAll(/(.)\1{2,}/g, ' ')
  let kept = ''
  for (let at = 0; at < bare.length; ) {
    const run = Math.max(...orders.map((order) => commonLength(bare, at, order)))
    if (run >= runLeast) at += run
    else kept += bare.charAt(at++)
  }
  return kept.replaceAll(' ', '')
}

/** How many signs from `at` on stand in the row one after the other. */
function commonLength(text: string, at: number, row: string): number {
  const start = row.indexOf(text.charAt(at))
  if (start < 0) return 0
  let length = 1
  while (at + length < text.length && start + length < row.length && text[at + length] === row[start + length]) length++
  return length
}

/**
 * A toneless pinyin syllable in its two parts. Both phone tables and the misheard-alike classes start from here.
 *
 * Invariant: spelling conventions are undone: "yuan" is no initial and "van", "zhi" ends in "-i", "ju" in "v".
 */
const whole: Readonly<Record<string, string>> = {
  yi: 'i',
  wu: 'u',
  yu: 'v',
  yue: 've',
  yuan: 'van',
  yun: 'vn',
  ying: 'ing',
  yin: 'in',
  yong: 'iong',
  you: 'iu',
  yan: 'ian',
  ye: 'ie',
  wei: 'ui',
  wen: 'un',
  weng: 'ueng',
  yo: 'io',
}

export type Syllable = { initial: string; final: string }

/** @param syllable "lv" and "lü" are both taken. Anything that is no pinyin comes back as it can be cut. */
export function inParts(syllable: string): Syllable {
  const written = syllable.replace('ü', 'v')
  const known = whole[written]
  if (known !== undefined) return { initial: '', final: known }
  if (written.startsWith('y')) return { initial: '', final: `i${written.slice(1)}` }
  if (written.startsWith('w')) return { initial: '', final: `u${written.slice(1)}` }
  const [, initial = '', rest = ''] = /^(zh|ch|sh|[bpmfdtnlgkhjqxrzcs])?(.*)$/.exec(written) ?? []
  return { initial, final: finalAfter(initial, rest) }
}

function finalAfter(initial: string, rest: string): string {
  if (rest === 'i' && /^(zh|ch|sh|r|z|c|s)$/.test(initial)) return '-i'
  if (/^[jqx]$/.test(initial) && rest.startsWith('u')) return `v${rest.slice(1)}`
  return rest === 'ue' ? 've' : rest
}

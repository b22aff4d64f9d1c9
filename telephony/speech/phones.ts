/**
 * How a syllable sounds, in the phones of the two acoustic models: the English one that Debian ships (ARPAbet, several
 * guesses for each syllable) and CMU's Mandarin one (initial and final, toneless), which an operator may bring.
 *
 * Invariant: every syllable that pinyin-pro can give has at least one reading in both.
 */
import { pinyin } from 'pinyin-pro'
import { inParts } from './syllable.ts'

export type AcousticModel = 'english' | 'mandarin'

const initials: Readonly<Record<string, readonly string[]>> = {
  b: ['B', 'P'],
  p: ['P'],
  m: ['M'],
  f: ['F'],
  d: ['D', 'T'],
  t: ['T'],
  n: ['N'],
  l: ['L'],
  g: ['G', 'K'],
  k: ['K'],
  h: ['HH', 'K'],
  j: ['JH', 'CH'],
  q: ['CH'],
  x: ['SH', 'S'],
  zh: ['JH', 'CH'],
  ch: ['CH'],
  sh: ['SH'],
  r: ['R'],
  z: ['Z', 'D Z'],
  c: ['S', 'T S'],
  s: ['S'],
  '': [''],
}

const finals: Readonly<Record<string, readonly string[]>> = {
  a: ['AA'],
  o: ['AO'],
  e: ['AH', 'ER'],
  ai: ['AY'],
  ei: ['EY'],
  ao: ['AW'],
  ou: ['OW'],
  an: ['AA N', 'AE N'],
  en: ['AH N'],
  ang: ['AA NG', 'AE NG'],
  eng: ['AH NG'],
  ong: ['UH NG', 'OW NG'],
  er: ['ER'],
  i: ['IY'],
  ia: ['Y AA'],
  ie: ['Y EH'],
  iao: ['Y AW'],
  iu: ['Y OW'],
  ian: ['Y EH N', 'IY EH N'],
  in: ['IY N', 'IH N'],
  iang: ['Y AA NG'],
  ing: ['IH NG', 'IY NG'],
  iong: ['Y UH NG'],
  io: ['Y AO'],
  iai: ['Y AY'],
  u: ['UW', 'UH'],
  ua: ['W AA'],
  uo: ['W AO', 'AO'],
  uai: ['W AY'],
  ui: ['W EY'],
  uan: ['W AA N'],
  un: ['W AH N', 'UH N'],
  uang: ['W AA NG'],
  ueng: ['W AH NG'],
  v: ['Y UW', 'UW'],
  ve: ['Y EH', 'W EH'],
  van: ['Y EH N', 'W EH N'],
  vn: ['Y UW N', 'UW N'],
  '-i': ['ER', 'IH', 'AH'],
}

/** Syllables without an initial, in the Mandarin model's own phones. */
const mandarinWhole: Readonly<Record<string, string>> = {
  a: 'as a',
  ai: 'as ai',
  an: 'as an',
  ang: 'as ang',
  ao: 'as ao',
  e: 'es e',
  en: 'es en',
  eng: 'es eng',
  er: 'es er',
  ei: 'es ei',
  o: 'os o',
  ou: 'os ou',
  yu: 'uxs ux',
  yue: 'uxs uxe',
  yuan: 'uxs uxan',
  yun: 'uxs uxn',
}
const mandarinFinals: Readonly<Record<string, string>> = { v: 'ux', ve: 'uxe', van: 'uxan', vn: 'uxn' }

/** @returns one reading or more, phones separated by a blank; none for what is no syllable of Mandarin. */
export function phonesOf(syllable: string, model: AcousticModel): readonly string[] {
  return model === 'english' ? arpabet(syllable) : mandarin(syllable)
}

function arpabet(syllable: string): string[] {
  const { initial, final } = inParts(syllable)
  const ends = finals[final] ?? []
  return (initials[initial] ?? []).flatMap((start) => ends.map((end) => `${start} ${end}`.trim()))
}

/** The rule of tdt_sc_8k's own dictionary; y and w are phones of their own there. */
function mandarin(syllable: string): string[] {
  const known = mandarinWhole[syllable]
  if (known !== undefined) return [known]
  const glide = /^([yw])(.+)$/.exec(syllable)
  if (glide) return [`${glide[1]} ${glide[2]}`]
  const { initial, final } = inParts(syllable)
  if (initial === '' || !(final in finals)) return []
  if (final === '-i') return [`${initial} ${initialsOfIb.has(initial) ? 'ib' : 'if'}`]
  return [`${initial} ${mandarinFinals[final] ?? final}`]
}

const initialsOfIb = new Set(['zh', 'ch', 'sh', 'r'])

/** Every syllable of Mandarin, as pinyin-pro spells the common characters. */
export function allSyllables(): string[] {
  const common = Array.from({ length: 0x9fa5 - 0x4e00 + 1 }, (_, i) => String.fromCodePoint(0x4e00 + i)).join('')
  const found = pinyin(common, { toneType: 'none', type: 'array', v: true })
  return [...new Set(found)].filter((one) => arpabet(one).length > 0 && mandarin(one).length > 0).sort()
}

/** A pronunciation dictionary in pocketsphinx's form: "hang(2) K AA NG". */
export function dictionary(syllables: readonly string[], model: AcousticModel): string {
  return syllables
    .flatMap((one) => phonesOf(one, model).map((phones, i) => `${one}${i === 0 ? '' : `(${i + 1})`} ${phones}\n`))
    .join('')
}

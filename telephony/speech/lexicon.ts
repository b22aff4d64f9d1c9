/**
 * How characters are read. pinyin-pro knows most words by context; the list below corrects it, and the engines, where
 * a hotline would embarrass itself: 行长 is not xíng cháng, 还款 is not hái kuǎn.
 *
 * Invariant: a listed word always wins, the longest first. A reading is toneless or toned pinyin with v for ü ("lv3").
 */
import { pinyin } from 'pinyin-pro'

/** Word and its toned readings, one for each character. */
export const lexicon: Readonly<Record<string, string>> = {
  行长: 'hang2 zhang3',
  银行行长: 'yin2 hang2 hang2 zhang3',
  处长: 'chu4 zhang3',
  科长: 'ke1 zhang3',
  局长: 'ju2 zhang3',
  厅长: 'ting1 zhang3',
  组长: 'zu3 zhang3',
  行业: 'hang2 ye4',
  银行: 'yin2 hang2',
  银行卡: 'yin2 hang2 ka3',
  重新: 'chong2 xin1',
  重复: 'chong2 fu4',
  重症: 'zhong4 zheng4',
  重度: 'zhong4 du4',
  重残: 'zhong4 can2',
  还款: 'huan2 kuan3',
  还清: 'huan2 qing1',
  还本: 'huan2 ben3',
  还给: 'huan2 gei3',
  退还: 'tui4 huan2',
  归还: 'gui1 huan2',
  参保: 'can1 bao3',
  参保人: 'can1 bao3 ren2',
  参保地: 'can1 bao3 di4',
  未参保: 'wei4 can1 bao3',
  单位: 'dan1 wei4',
  长期: 'chang2 qi1',
  长护险: 'chang2 hu4 xian3',
  长护: 'chang2 hu4',
  延长: 'yan2 chang2',
  行政: 'xing2 zheng4',
  调整: 'tiao2 zheng3',
  调剂: 'tiao2 ji4',
  调出: 'diao4 chu1',
  调入: 'diao4 ru4',
  调查: 'diao4 cha2',
  转诊: 'zhuan3 zhen3',
  转移: 'zhuan3 yi2',
  差额: 'cha1 e2',
  差评: 'cha4 ping2',
  出差: 'chu1 chai1',
  处方: 'chu3 fang1',
  处罚: 'chu3 fa2',
  处理: 'chu3 li3',
  给付: 'ji3 fu4',
  供给: 'gong1 ji3',
  补给: 'bu3 ji3',
  应当: 'ying1 dang1',
  应缴: 'ying1 jiao3',
  强制: 'qiang2 zhi4',
  中药: 'zhong1 yao4',
  藏药: 'zang4 yao4',
  划拨: 'hua4 bo1',
  划入: 'hua4 ru4',
  种植: 'zhong4 zhi2',
  种牙: 'zhong4 ya2',
  接种: 'jie1 zhong4',
  数一数: 'shu3 yi4 shu3',
  载明: 'zai3 ming2',
  记载: 'ji4 zai3',
  创伤: 'chuang1 shang1',
  空缺: 'kong4 que1',
  宁可: 'ning4 ke3',
  家属: 'jia1 shu3',
  血压: 'xue4 ya1',
  血糖: 'xue4 tang2',
  出血: 'chu1 xue4',
  尿毒症: 'niao4 du2 zheng4',
  便民: 'bian4 min2',
  便宜: 'pian2 yi5',
  看护: 'kan1 hu4',
  累计: 'lei3 ji4',
  量表: 'liang4 biao3',
  分娩: 'fen1 mian3',
  难产: 'nan2 chan3',
  大夫: 'dai4 fu5',
  会计: 'kuai4 ji4',
  朝阳: 'chao2 yang2',
  大城: 'dai4 cheng2',
  长治: 'chang2 zhi4',
  洪洞: 'hong2 tong2',
  六安: 'lu4 an1',
  亳州: 'bo2 zhou1',
  涡阳: 'guo1 yang2',
  台州: 'tai1 zhou1',
  丽水: 'li2 shui3',
  东莞: 'dong1 guan3',
  濉溪: 'sui1 xi1',
  吕梁: 'lv3 liang2',
  重庆: 'chong2 qing4',
}

const longestWord = Math.max(...Object.keys(lexicon).map((word) => word.length))

/** How latin letters are said by people who speak Mandarin. */
const letterNames: Readonly<Record<string, string>> = {
  A: 'ei1',
  B: 'bi4',
  C: 'xi1',
  D: 'di4',
  E: 'yi4',
  F: 'ai2 fu5',
  G: 'ji4',
  H: 'ai2 chi5',
  I: 'ai4',
  J: 'jie4',
  K: 'kai4',
  L: 'ai2 le5',
  M: 'ai2 mu5',
  N: 'en1',
  O: 'ou1',
  P: 'pi4',
  Q: 'qiu1',
  R: 'a4',
  S: 'ai2 si5',
  T: 'ti4',
  U: 'you1',
  V: 'wei4',
  W: 'da2 bu5 liu5',
  X: 'ai2 ke5 si5',
  Y: 'wai4',
  Z: 'zei4',
}

/** A stretch of text: a listed word with its readings, or anything else. */
export type Stretch = { text: string; readings?: readonly string[] }

/** Finds the listed words, the longest first; the stretches in order are the text. */
export function stretches(text: string): Stretch[] {
  const found: Stretch[] = []
  let plain = ''
  for (let at = 0; at < text.length; ) {
    const word = listedAt(text, at)
    if (word === undefined) plain += text.charAt(at++)
    else {
      if (plain !== '') found.push({ text: plain })
      found.push({ text: word, readings: (lexicon[word] ?? '').split(' ') })
      plain = ''
      at += word.length
    }
  }
  if (plain !== '') found.push({ text: plain })
  return found
}

function listedAt(text: string, at: number): string | undefined {
  for (let length = Math.min(longestWord, text.length - at); length > 1; length--) {
    const word = text.slice(at, at + length)
    if (Object.hasOwn(lexicon, word)) return word
  }
  return undefined
}

/** @returns for each character its toned reading, or nothing where it has none (a mark, a letter). */
export function readings(text: string): (string | undefined)[] {
  const guessed = pinyin(text, { toneType: 'num', type: 'all', v: true, toneSandhi: true })
  const all = guessed.map(({ pinyin: reading, isZh }) => (isZh ? reading.replace(/0$/, '5') : undefined))
  if (all.length !== [...text].length) return [...text].map(() => undefined)
  let at = 0
  for (const stretch of stretches(text)) {
    stretch.readings?.forEach((reading, i) => (all[at + i] = reading))
    at += [...stretch.text].length
  }
  return all
}

/** @param spoken what spokenText gave. @returns toneless syllables, letters included as they are said. */
export function syllables(spoken: string): string[] {
  const said = readings(spoken)
  return [...spoken].flatMap((character, i) => {
    const reading = said[i] ?? letterNames[character.toUpperCase()] ?? ''
    return reading
      .split(' ')
      .map((one) => one.replace(/\d$/, ''))
      .filter(Boolean)
  })
}

/**
 * Written Chinese becomes what a person would read aloud: 12393 is 幺二三九三, 2024年 is 二零二四年, 70% is 百分之七十,
 * 医保发〔2021〕5号 is 医保发二零二一年五号. Every engine, and the closed grammar of the recogniser, gets its text here.
 *
 * Invariant: any string goes in; what comes out holds 汉字, latin letters, blanks and ，。？！；：、 alone: no digit, no
 * bracket. The rules below run in this order, and each leaves fewer digits for the next.
 */
import { amount, digitByDigit } from './spoken-number.ts'

type Rule = readonly [RegExp, (...found: string[]) => string]

const year = '(?:19|20)\\d\\d'
const number = '\\d+(?:\\.\\d+)?'
const unit = '元|块|人|个|条|件|万|亿|千|次|家|名|天|年|月|日|岁|%|％|倍|项|种|平方|公里|米|克|毫|瓶|盒|户|笔|份'
const phone = (digits: string) => digitByDigit(digits, '幺')
const percent = (n: string, per = '百') => `${per}分之${amount(n)}`
const inGroups = (...groups: string[]) => groups.filter(Boolean).map(phone).join('，')

/** Before anything is folded: signs that would otherwise become bare digits. */
const signs: readonly Rule[] = [
  [/[①-⑳]/gu, (sign) => `第${amount(String((sign.codePointAt(0) ?? 0) - 0x245f))}，`],
  [/[Ⅰ-Ⅻ]/gu, (sign) => amount(String((sign.codePointAt(0) ?? 0) - 0x215f))],
  [/[ⅰ-ⅻ]/gu, (sign) => amount(String((sign.codePointAt(0) ?? 0) - 0x216f))],
]

const names: readonly Rule[] = [
  [/(?:https?:\/\/|www\.)[\x21-\x2b\x2d-\x3a\x3c-\x7e]+/giu, () => '网页链接'],
  [/[\w.+-]+@[\w-]+(?:\.[\w-]+)+/gu, () => '邮箱地址'],
  [/^[ \t]*(\d{1,2})(?:\.(?!\d)|、|\)) */gmu, (_, n = '') => `第${amount(n)}，`],
  [
    /[[〔(【](\d{4})[\]〕)】] *(第?)(\d+)号/gu,
    (_, y = '', th = '', n = '') => `${digitByDigit(y)}年${th}${amount(n)}号`,
  ],
  [
    new RegExp(`(?<!\\d)(${year})([-/.])(\\d{1,2})\\2(\\d{1,2})(?!\\d)`, 'gu'),
    (_, y = '', _s, m = '', d = '') => `${digitByDigit(y)}年${amount(m, '月')}月${amount(d, '日')}日`,
  ],
  [new RegExp(`(?<!\\d)(${year}) *[-~–—至到] *(?=${year} *年)`, 'gu'), (_, y = '') => `${digitByDigit(y)}到`],
  [new RegExp(`(?<!\\d)(${year}) *(?=年|版|届)`, 'gu'), (_, y = '') => digitByDigit(y)],
]

const telephone: readonly Rule[] = [
  [/(?<!\d)(\d{3})\*{2,}(\d{2,4})(?!\d)/gu, (_, a = '', b = '') => `${phone(a)}，星号，${phone(b)}`],
  [/(?<!\d)(0\d{2,3})[- ](\d{7,8})(?:[-转](\d{1,5}))?(?!\d)/gu, (_, a = '', b = '', c = '') => inGroups(a, b, c)],
  [/(?<!\d)([48]00)[- ]?(\d{3,4})[- ]?(\d{3,4})(?!\d)/gu, (_, a = '', b = '', c = '') => inGroups(a, b, c)],
  [/(?<!\d)(1[3-9]\d)[- ]?(\d{4})[- ]?(\d{4})(?!\d)/gu, (_, a = '', b = '', c = '') => inGroups(a, b, c)],
  [/(?<!\d)(\d{17})[xX](?![A-Za-z])/gu, (_, n = '') => `${phone(n)} X`],
  [new RegExp(`(?<![\\d.])(12[1-3]\\d\\d|9[56]\\d{3})(?!\\d|\\.\\d| *(?:${unit}))`, 'gu'), (_, n = '') => phone(n)],
  [
    new RegExp(
      `(?<=(?:拨打?|致电|热线|电话|客服|打|号码|编号|代码|证号|尾号|验证码|工号|单号|急救)[是为:：]? *)(\\d{3,})(?!\\d|\\.\\d| *(?:${unit}))`,
      'gu',
    ),
    (_, n = '') => phone(n),
  ],
  [new RegExp(`(?<![\\d.])(\\d{7,})(?!\\d|\\.\\d| *(?:${unit}))`, 'gu'), (_, n = '') => phone(n)],
]

const quantities: readonly Rule[] = [
  [new RegExp(`(?<=[A-Z][A-Z/]*[ -]?)(\\d{3,})(?!\\d|\\.\\d| *(?:${unit}))`, 'gu'), (_, n = '') => digitByDigit(n)],
  [/(?<!\d)\d{1,3}(?:,\d{3})+(?!\d)/gu, (n) => n.replaceAll(',', '')],
  [/\d+(?:-\d+){2,}/gu, (n) => n.split('-').map(phone).join('杠')],
  [
    /\d+(?:\.\d+){2,}/gu,
    (n) =>
      n
        .split('.')
        .map((part) => amount(part))
        .join('点'),
  ],
  [
    new RegExp(`(${number}) *[-~–—] *(${number}) *%`, 'gu'),
    (_, low = '', high = '') => `${percent(low)}到${percent(high)}`,
  ],
  [new RegExp(`(\\d(?:${unit}|时|点|分|号)?) *[-~–—]{1,2} *(?=\\d)`, 'gu'), (_, low = '') => `${low}到`],
  [/(?<!\d)([01]?\d|2[0-4]):([0-5]\d)(?::[0-5]\d)?(?!\d)/gu, (_, hour = '', minute = '') => clock(hour, minute)],
  [new RegExp(`(${number}) *%`, 'gu'), (_, n = '') => percent(n)],
  [new RegExp(`(${number}) *‰`, 'gu'), (_, n = '') => percent(n, '千')],
  [
    new RegExp(`[¥$] *(${number}) *([万亿]?) *元?`, 'gu'),
    (_, n = '', myriad = '') => `${amount(trimmed(n), myriad || '元')}${myriad}元`,
  ],
  [/(?<![\d/])(\d{1,3}) *[/⁄] *(\d{1,3})(?![\d/])/gu, (_, a = '', b = '') => `${amount(b)}分之${amount(a)}`],
  [/(?<=\d) *[×xX*] *(?=\d)/gu, () => '乘'],
  [/(?<![\p{L}\p{N}])-(?=\d)/gu, () => '负'],
  [/℃|°C/gu, () => '摄氏度'],
  [/(?<=\d) *m2(?![A-Za-z\d])/gu, () => '平方米'],
]

const joints: readonly Rule[] = [
  [/(元|次|天|年|月|日|个|件|例|份|人) *\/ *(?=\p{Script=Han})/gu, (_, of = '') => `${of}每`],
  [/每(人|年|月|天|次|户)[·・.](?=人|年|月|天|次)/gu, (_, of = '') => `每${of}每`],
  [/(?<=\p{Script=Han}) *\/ *(?=\p{Script=Han})/gu, () => '或'],
  [/\+/gu, () => '加'],
  [/=/gu, () => '等于'],
  [/≥/gu, () => '不低于'],
  [/≤/gu, () => '不超过'],
  [/>(?= *\p{N})/gu, () => '大于'],
  [/<(?= *\p{N})/gu, () => '小于'],
  [/&/gu, () => '和'],
  [/#(?:号)?键/gu, () => '井号键'],
  [/\*(?:号)?键/gu, () => '星号键'],
]

const letters: readonly Rule[] = [
  [/(?<![A-Za-z])(?:app|App)(?![a-z])/gu, () => 'A P P'],
  [/(?<![A-Za-z])[A-Z]{2,5}(?![a-z])/gu, (word) => [...word].join(' ')],
]

/** @param written any text; lone surrogates, emoji and other scripts are left out. Never throws. */
export function spokenText(written: string): string {
  return (written.match(/[^]{1,3000}/gu) ?? []).map(spokenPiece).join('')
}

/** The rules look ahead: a piece at a time keeps their work in proportion to the text. No answer is longer than one. */
function spokenPiece(written: string): string {
  let text = apply(signs, written.toWellFormed().replace(/[○〇]/gu, '零')).normalize('NFKC')
  for (const rules of [names, telephone, quantities, joints, letters]) text = apply(rules, text)
  text = text
    .replace(new RegExp(number, 'gu'), (n, at: number, whole: string) => sayAt(n, at, whole))
    .replace(/(?<=\p{Script=Han}) *[-~–] *(?=[零一二两三四五六七八九十百千])/gu, '到')
    .replace(/(?<=[年月日号时点分元岁]) *— *(?=[零一二两三四五六七八九十百千])/gu, '到')
  return punctuated(text)
}

function apply(rules: readonly Rule[], text: string): string {
  return rules.reduce((left, [pattern, say]) => left.replace(pattern, (...found: string[]) => say(...found)), text)
}

/** 第2条 is 第二条; 2条 is 两条. */
function sayAt(n: string, at: number, whole: string): string {
  const isNamed = /[第\d.零一二三四五六七八九十点]$/u.test(whole.slice(0, at))
  return amount(n, isNamed ? '' : whole.slice(at + n.length, at + n.length + 4))
}

/** ￥1200.50 is 一千二百点五元. */
function trimmed(n: string): string {
  return n.includes('.') ? n.replace(/\.?0+$/, '') : n
}

function clock(hour: string, minute: string): string {
  const told = `${amount(String(Number(hour)), '点')}点`
  if (minute === '00') return told
  return `${told}${minute.startsWith('0') ? '零' : ''}${amount(String(Number(minute)))}分`
}

/** Brackets become pauses or nothing, half-width marks become Chinese ones, runs of marks become the strongest. */
function punctuated(text: string): string {
  return text
    .replace(/[\n\r\u2028\u2029]+/gu, '。')
    .replace(/[()[\]{}〔〕【】—…|]|\.{2,}/gu, '，')
    .replace(/[,.!?;:](?![A-Za-z])/gu, (mark) => wide[mark] ?? '')
    .replace(/[\t\u3000]/gu, ' ')
    .replace(/[^\p{Script=Han}A-Za-z ，。？！；：、]/gu, (sign) => (/[/.,!?;:-]/.test(sign) ? ' ' : ''))
    .replace(/(?<![A-Za-z]) +| +(?![A-Za-z])/gu, '')
    .replace(/ {2,}/gu, ' ')
    .replace(/[，。？！；：、]{2,}/gu, strongest)
    .replace(/^[，。？！；：、]+/u, '')
    .replace(/[，：、；]$/u, '。')
}

const wide: Readonly<Record<string, string>> = { ',': '，', '.': '。', '!': '！', '?': '？', ';': '；', ':': '：' }

function strongest(marks: string): string {
  return [...'？！。；：，、'].find((mark) => marks.includes(mark)) ?? '，'
}

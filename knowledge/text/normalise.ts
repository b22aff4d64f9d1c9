/**
 * One spelling for every way of writing a Chinese question: width, case, 繁/简, punctuation, emoji, colloquial
 * question words and polite openings no longer differ. Both sides of every comparison pass through here.
 *
 * Invariant: any string goes in, and what comes out is letters and digits, with a dot or a blank only between
 * latin letters and digits. It is empty only when nothing but punctuation went in.
 */
import { Converter } from 'opencc-js/t2cn'

const fromTaiwan = Converter({ from: 'tw', to: 'cn' })
const fromHongKong = Converter({ from: 'hk', to: 'cn' })

const folds: readonly [RegExp, string][] = [
  [/咋个|咋样|咋么|咋整|咋|如何|怎样|怎么样|怎么着/gu, '怎么'],
  [/为啥子|为啥|为何/gu, '为什么'],
  [/啥子|啥|甚么/gu, '什么'],
  [/多长时间|多少时间/gu, '多久'],
]
/** Words that mean the same in a question, of which it does not matter whether they are the same. */
const looseFolds: readonly [RegExp, string][] = [
  [/几时|何时/gu, '什么时候'],
  [/可不可以|能不能|能否|可否|是否可以|可以|能够/gu, '能'],
  [/没有|木有|未能/gu, '没'],
  [/帐/gu, '账'],
  [/交纳|缴纳|交费|缴费|缴/gu, '交'],
  [/在哪里|在哪儿|哪里|哪儿|在哪/gu, '哪'],
  [/办理|申办/gu, '办'],
  [/需要|须要/gu, '要'],
]
const opening = /^(?:请问一下|请问下|请问|我想问一下|我想问下|我想问|想问一下|想问下|想问|你好|您好|那个)/u
const particles = /(?<=.{2})[吗嘛呢啊呀吧哦噢]+$/u

/** @param raw any text, of any length; a lone surrogate or an emoji is dropped. Never throws. */
export function normalise(raw: string): string {
  const wide = raw.toWellFormed().normalize('NFKC').toLowerCase()
  let text = fromHongKong(fromTaiwan(wide))
    .replace(/[^\p{L}\p{N}.]+/gu, ' ')
    .replace(/(?<!\d)\.|\.(?!\d)/g, ' ')
    // Only between latin letters and digits does a blank tell two words apart.
    .replace(/ +/g, ' ')
    .replace(/(?<![a-z0-9]) | (?![a-z0-9])/g, '')
  for (const [said, written] of folds) text = text.replace(said, written)
  return trimmed(text)
}

/** For comparing questions, not for telling whether they are the same one. Never empty unless the text is. */
export function loosened(normalised: string): string {
  let text = normalised
  for (const [said, meant] of looseFolds) text = text.replace(said, meant)
  return text
}

/** Openings are taken off while something is left to ask: 请问 alone stays 请问. */
function trimmed(text: string): string {
  let left = text
  for (;;) {
    const rest = left.replace(opening, '')
    if (rest === left || rest === '') return left.replace(particles, '')
    left = rest
  }
}

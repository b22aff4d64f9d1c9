/**
 * Several questions in one message, taken apart: "新生儿怎么参保，还有异地住院怎么报销". Pure over what the answerer says.
 *
 * Invariant: a message is only split where every part stands by itself, with an answer or something to choose from, and
 * no two parts come to the same. Otherwise it stays whole: a story with one question is one question.
 */
import type { Answer } from '../contract/answer.ts'
import { normalise } from '../knowledge/text/normalise.ts'
import { isAboutField } from './context-follow-up.ts'

const mostParts = 3
const shortestChars = 4
const joints =
  /(?<=[？?；;\n])|[，,。、；;\s]*(?:还有就是|还有|另外再问一下|另外|其次|第[二三]个问题是?|第[二三](?=[，,、：:])|再就是|再问一下|再问|顺便问一下|顺便问|顺便|以及)[，,、：:\s]*/u
const first = /^(?:第一个问题是?|第一(?=[，,、：:])|首先)[，,、：:\s]*/u
const asks =
  /怎么|咋|如何|什么|啥|多少|多久|多长|几|哪|谁|吗|呢|么|能不能|可不可以|可以|是否|是不是|有没有|要不要|[？?]/u
const pointsBack = /^(?:这|那|它|他|她|其|该|上述|上面|同样|也)/u

/** @param ask what would be answered to these words alone. @returns one to three questions, in their order. */
export function questionsIn(text: string, ask: (question: string) => Answer): string[] {
  const parts = partsOf(text)
  if (parts.length < 2 || parts.length > mostParts) return [text]
  const whole = ask(text)
  if (whole.score === 1) return [text]
  const found = parts.map(ask)
  if (found.some(({ outcome }) => outcome === 'unknown')) return [text]
  const answered = found.flatMap(({ entry }) => entry?.id ?? [])
  if (answered.length === 0 || new Set(answered).size < answered.length) return [text]
  const saysMore = whole.outcome !== 'answer' || answered.length === parts.length
  return saysMore ? parts : [text]
}

/** Where the words themselves may be parted; what asks nothing goes with the question after it, else the one before. */
export function partsOf(text: string): string[] {
  const pieces = text
    .replace(first, '')
    .split(joints)
    .map((piece) => piece.trim())
    .filter((piece) => piece !== '')
  const parts: string[] = []
  let story = ''
  for (const piece of pieces) {
    const own = piece.replace(first, '')
    const words = normalise(own)
    const standsAlone = asks.test(own) && words.length >= shortestChars && !pointsBack.test(words) && !isAboutField(own)
    if (standsAlone) {
      parts.push(story + own)
      story = ''
    } else if (asks.test(own) && parts.length > 0) parts.push(`${parts.pop()}${story}${own}`)
    else story += own
  }
  if (story === '') return parts
  return parts.length > 0 ? [...parts.slice(0, -1), `${parts.at(-1)}${story}`] : [story]
}

/**
 * How a turn of the server's sounds on the telephone, and what is awaited after it. On a screen choices are buttons
 * and a rating is a card; here both are keys, and at most three things are read out.
 */
import type { KeptTurn } from '../../contract/turn.ts'
import type { Capability, Expectation } from '../turn-taking/expectation.ts'

export type SpokenLine = {
  text: string
  expects: Expectation
  /** What the caller says by pressing 1, 2, 3. */
  choices: readonly string[]
}

const places = ['一', '二', '三'] as const
const numberKeys = '请按键输入，按完按井号。'
const ratingKeys = '非常满意请按五，满意请按四，基本满意请按三，不满意请按二，非常不满意请按一。'

export function spokenLine(turn: KeptTurn, capability: Capability): SpokenLine {
  const text = turn.spoken ?? turn.text
  if (turn.rating) return { text: `${ended(text)}${ratingKeys}`, expects: { kind: 'rating' }, choices: [] }
  const choices = (turn.choices ?? []).slice(0, places.length).map(({ question }) => question)
  const expects = turn.speaker === 'bot' ? turn.expects : undefined
  if (expects === 'number') {
    const other = capability !== 'none' && choices.length > 0 ? `也可以说：${choices.join('、')}。` : ''
    return { text: `${ended(text)}${numberKeys}${other}`, expects: { kind: 'number' }, choices }
  }
  if (choices.length > 0) {
    const read = choices.map((question, at) => `${places[at]}，${question.replace(/[。？?！!]+$/u, '')}`).join('；')
    const how = capability === 'none' ? '请按数字' : '请说或按数字'
    const awaited: Expectation = expects === 'yes-no' ? { kind: expects } : choicesOf(choices.length)
    return { text: `${ended(text)}${read}。${how}。`, expects: awaited, choices }
  }
  return { text, expects: { kind: expects ?? 'open' }, choices: [] }
}

export function choicesOf(count: number): Expectation {
  return { kind: 'choices', count: count >= 3 ? 3 : count === 2 ? 2 : 1 }
}

const ended = (text: string) => (/[。；！？!?;]$/u.test(text) ? text : `${text.replace(/[，：:,]$/u, '')}。`)

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
const ratingKeys = '非常满意请按五，满意请按四，基本满意请按三，不满意请按二，非常不满意请按一。'

export function spokenLine(turn: KeptTurn, capability: Capability): SpokenLine {
  const text = turn.spoken ?? turn.text
  if (turn.rating) return { text: `${ended(text)}${ratingKeys}`, expects: { kind: 'rating' }, choices: [] }
  const choices = (turn.choices ?? []).slice(0, places.length).map(({ question }) => question)
  if (choices.length > 0) {
    const read = choices.map((question, at) => `${places[at]}，${question.replace(/[。？?！!]+$/u, '')}`).join('；')
    const how = capability === 'none' ? '请按数字' : '请说或按数字'
    return { text: `${ended(text)}${read}。${how}。`, expects: choicesOf(choices.length), choices }
  }
  return { text, expects: { kind: asksForNumber(turn) ? 'number' : 'open' }, choices: [] }
}

export function choicesOf(count: number): Expectation {
  return { kind: 'choices', count: count >= 3 ? 3 : count === 2 ? 2 : 1 }
}

/** A question of the bot's for a telephone number: it is typed. Approved answers speak of numbers without asking. */
function asksForNumber({ speaker, answer, text }: KeptTurn): boolean {
  return speaker === 'bot' && !answer && /(留|填|写|说|输).{0,8}(电话|手机号)/.test(text)
}

const ended = (text: string) => (/[。；！？!?;]$/u.test(text) ? text : `${text.replace(/[，：:,]$/u, '')}。`)

/**
 * The fixed phrases of the phone, sentence by sentence, in Chinese. Machines know only their names. Policy never
 * stands here. The first sentence is short, nothing lists more than three, and the greeting alone says 智能客服.
 */
import type { Capability, ExpectationKind } from './turn-taking/expectation.ts'

export const promptNames = [
  'greeting',
  'legal-notice',
  'ask-open',
  'ask-topic',
  'ask-topic-or-say',
  'leave-message',
  'filler',
  'filler-long',
  'confirm',
  'no-match',
  'no-match-keys',
  'key-unknown',
  'be-brief',
  'silence-open',
  'silence-open-keys',
  'silence-topic',
  'silence-topic-keys',
  'silence-choices',
  'silence-choices-keys',
  'silence-yes-no',
  'silence-yes-no-keys',
  'silence-number',
  'silence-number-keys',
  'silence-message',
  'silence-message-keys',
  'silence-other',
  'silence-other-keys',
  'apology',
  'transfer',
  'not-connected',
  'goodbye',
] as const
export type PromptName = (typeof promptNames)[number]

/** `{}` stands for the words that are put in, as in 'confirm'. */
const wording: Record<PromptName, readonly string[]> = {
  greeting: ['您好，我是智能客服。'],
  'legal-notice': ['本次通话会录音。', '录音只用于核对和改进服务。'],
  'ask-open': ['请说出您的问题。'],
  'ask-topic': [
    '这条线听不懂整句话。',
    '请按问题的拼音首字母，按完按井号。',
    '也可以按网站上的四位编号。',
    '留下问题请按一和井号，转人工请按零。',
  ],
  'ask-topic-or-say': [
    '这条线只听得懂短词。',
    '请按问题的拼音首字母，按完按井号。',
    '也可以按网站上的四位编号。',
    '留下问题请按一和井号，找工作人员请按零，或者说人工。',
  ],
  'leave-message': ['请在提示后留下问题。', '说完按井号。', '同事听过以后给您回电。'],
  filler: ['请稍等，正在为您查。'],
  'filler-long': ['还在查，请您再稍等。'],
  confirm: ['我跟您确认一下。', '您是说：{}，对吗？', '对请按一，不对请按二。'],
  'no-match': ['抱歉，我没听明白。', '请您换个说法，再说一次。'],
  'no-match-keys': ['抱歉，没有找到。', '请您换几个首字母再按一次。'],
  'key-unknown': ['这个键这里没有用。', '请您再按一次，转人工请按零。'],
  'be-brief': ['抱歉打断您。', '请简短说明，一句话就好。'],
  'silence-open': ['您好，我在听。', '请说您的问题。'],
  'silence-open-keys': ['我没有听到声音。', '请说您的问题，也可以按网站上的四位编号。', '转人工请按零。'],
  'silence-topic': ['您好，请您按键。', '按问题的拼音首字母，按完按井号。'],
  'silence-topic-keys': [
    '我没有收到按键。',
    '例如异地就医，按九三五九，再按井号。',
    '留下问题请按一和井号，转人工请按零。',
  ],
  'silence-choices': ['请您选一个。'],
  'silence-choices-keys': ['请按数字键选择。', '再听一遍请按星号，转人工请按零。'],
  'silence-yes-no': ['对还是不对？'],
  'silence-yes-no-keys': ['对请按一，不对请按二。', '转人工请按零。'],
  'silence-number': ['请按您的电话号码。'],
  'silence-number-keys': ['请按您的电话号码。', '按完按井号，重新输入请按星号。'],
  'silence-message': ['请说您要留的话。'],
  'silence-message-keys': ['我没有听到声音。', '请说您要留的话，说完按井号。', '转人工请按零。'],
  'silence-other': ['您还在吗？'],
  'silence-other-keys': ['您还在吗？', '再听一遍请按星号，转人工请按零。'],
  apology: ['抱歉，系统出了点问题。', '正在为您转给同事。'],
  transfer: ['正在为您转接。', '请不要挂机。'],
  'not-connected': ['抱歉，还没有接通。', '请您再稍等。'],
  goodbye: ['感谢您的来电，再见。'],
}

/** A legal notice and the words before a transfer are heard out; only key 0 cuts them short. */
const heardOut: readonly PromptName[] = ['legal-notice', 'transfer']

export function promptSentences(name: PromptName, fill = ''): string[] {
  return wording[name].map((sentence) => sentence.replace('{}', () => fill))
}

export const isHeardOut = (name: PromptName) => heardOut.includes(name)

/** The first question of a call: an open one wherever the recogniser can take the answer, the truth where it cannot. */
export const firstQuestion: Record<Capability, PromptName> = {
  open: 'ask-open',
  choices: 'ask-topic-or-say',
  none: 'ask-topic',
}

/** What is said to a silent caller: first short, then with the keys. */
export const silencePrompts: Record<ExpectationKind, readonly [PromptName, PromptName]> = {
  open: ['silence-open', 'silence-open-keys'],
  topic: ['silence-topic', 'silence-topic-keys'],
  choices: ['silence-choices', 'silence-choices-keys'],
  'yes-no': ['silence-yes-no', 'silence-yes-no-keys'],
  number: ['silence-number', 'silence-number-keys'],
  message: ['silence-message', 'silence-message-keys'],
  rating: ['silence-other', 'silence-other-keys'],
  nothing: ['silence-other', 'silence-other-keys'],
}

const places = ['一', '二', '三'] as const

/** At most three titles, read out to be chosen from. Fit for `choices` to be awaited after it. */
export function offerSentences(titles: readonly string[], capability: Capability): string[] {
  const offered = titles.slice(0, places.length)
  const how = capability === 'none' ? '请按键选择' : '请说出或按键选择'
  return [
    '您问的是哪一个？',
    ...offered.map((title, place) => `${places[place]}，${title}。`),
    `${how}，都不是请按星号再听。`,
  ]
}

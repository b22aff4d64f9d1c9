/**
 * The closed set of things a person may want that is not a policy question, and what words alone settle of it.
 * `question` is there so that a policy question has a class of its own to fall into instead of the nearest other.
 */
import { corpus } from './corpus.ts'
import { intents, type Intent, type IntentName } from './intent-names.ts'

const clean = (text: string) => text.normalize('NFKC').replace(/[\s\p{P}\p{S}]+/gu, '')
const exact = new Map<string, IntentName>()
for (const name of intents) {
  if (name !== 'question') for (const words of corpus[name]) exact.set(clean(words), name)
}

/** 人工 that is no person: what medicine makes or does by hand, and citizens ask the price of. */
const madeByHand =
  /人工(授精|受精|受孕|流产|周期|关节|髋|膝|椎|骨|晶体|晶状体|耳蜗|器官|瓣膜|血管|心脏|心肺|肝|肾|喉|肛|气道|呼吸|破膜|剥离|智能)/
/** A person asked for in so many words, wherever the sentence stands. */
const personWords =
  /(转|找|接|要|换|叫|给我|有没有)(一?个|下|接)?(人工|真人|话务员)|^人工[吧呢啊呀]?$|人工(客服|服务|坐席|台)|(不要|别用)机器人/
/** Danger to life or a bill that keeps somebody from treatment: a person, at once. A question about 急诊 is none. */
const urgentWords = /救命|不想活|活不下去|出人命|快不行了|要自杀|寻短见|(正在|还在|等着)(抢救|手术)/
const angryWords = /(骗子|垃圾|废物|气死|什么态度|踢皮球|胡说八道|糊弄(人|我)|曝光你们|听不懂人话)/

/**
 * What words alone settle, without a model: always there, even while the model is loading.
 * Long texts are stories; in them a word proves nothing, except that life is in danger.
 */
export function intentByWords(text: string): Intent | undefined {
  const said = clean(text)
  const known = exact.get(said)
  if (known) return { name: known, score: 1 }
  if (urgentWords.test(said)) return { name: 'urgent', score: 1 }
  if (said.length <= 16 && personWords.test(said) && !madeByHand.test(said)) return { name: 'ask_person', score: 1 }
  if (said.length <= 24 && angryWords.test(said)) return { name: 'angry', score: 0.95 }
  return undefined
}

/** A guess of the model that the words themselves speak against. */
export function isContradicted(intent: Intent, text: string): boolean {
  return intent.name === 'ask_person' && madeByHand.test(clean(text))
}

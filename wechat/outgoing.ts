/**
 * What was said in a conversation, as messages that WeChat takes: several turns in one message, for each counts; the
 * bot's marked as a bot's; what may be chosen as a menu where a menu can be sent, else numbered.
 */
import { guideNames, datedSourceWords, type Guide } from '../contract/entry.ts'
import type { KeptTurn } from '../contract/turn.ts'
import { numbered } from './choices.ts'
import type { Media } from './media-upload.ts'
import { messageParts, mostMessageBytes } from './message-parts.ts'

export type Message = Words | { kind: 'file'; fileId: string }
/** What can be said without anything being handed over before. */
export type Words =
  | { kind: 'text'; text: string }
  | { kind: 'menu'; head: string; choices: readonly string[]; tail: string }
  /** 图文: the beginning, and the page with all of it. */
  | { kind: 'card'; title: string; text: string; url: string }

const words = {
  bot: '【智能客服】',
  agent: (number: string | undefined) => (number ? `【工号 ${number}】` : '【人工】'),
  sources: '依据：',
  choose: '回复数字即可选择，也可以直接打字。',
  tap: '点一下上面的选项，也可以直接打字。',
} as const
const mostMenuChoices = 10
const mostTitleBytes = 128
const mostCardBytes = 360

/** What a menu may hold, in bytes of UTF-8. */
export type MenuShape = {
  mostHeadBytes: number
  mostChoiceBytes: number
  /** The page of an entry, for its card; absent where no card can be sent. */
  pageOf?: (entryId: string) => string
}
/** The official account's. */
export const accountMenu: MenuShape = { mostHeadBytes: mostMessageBytes, mostChoiceBytes: mostMessageBytes }

/** @param menu absent where no menu can be sent, as in a reply on the spot */
export function messagesOf(turns: readonly KeptTurn[], menu: MenuShape | undefined): Message[] {
  const alone = turns.findIndex((turn) => standingAlone(turn, menu) !== undefined)
  const [apart] = turns.slice(alone < 0 ? turns.length : alone)
  if (apart) {
    const [before, after] = [turns.slice(0, alone), turns.slice(alone + 1)]
    return [...messagesOf(before, menu), ...(standingAlone(apart, menu) ?? []), ...messagesOf(after, menu)]
  }
  const last = turns.at(-1)
  const choices = (last?.choices ?? []).map(({ question }) => question).slice(0, mostMenuChoices)
  const isMenu = menu !== undefined && choices.length > 0
  const parts = messageParts(turns.map((turn) => written(turn, isMenu && turn === last)).join('\n\n'))
  if (!isMenu) return parts.map((part) => ({ kind: 'text', text: part }))
  const [head = '', ...before] = messageParts(parts.pop() ?? '', menu.mostHeadBytes).reverse()
  return [
    ...[...parts, ...before.reverse()].map((part): Message => ({ kind: 'text', text: part })),
    { kind: 'menu', head, choices: choices.map((one) => shortened(one, menu.mostChoiceBytes)), tail: words.tap },
  ]
}

/** @returns the messages of a turn that goes together with no other one; nothing for words. */
function standingAlone(turn: KeptTurn, menu: MenuShape | undefined): Message[] | undefined {
  const { speaker, attachments = [], answer } = turn
  if (speaker !== 'agent') return undefined
  const files = attachments.filter(({ state }) => state === 'kept')
  if (files.length > 0) return files.map(({ id }) => ({ kind: 'file', fileId: id }))
  return menu?.pageOf && answer?.guide ? cardOf(turn, answer, menu.pageOf) : undefined
}

/** 一次性告知: what an agent sends is complete on its page; words that do not fit a card are cut off for the look of it. */
function cardOf(
  { agentNumber, text }: KeptTurn,
  answer: NonNullable<KeptTurn['answer']>,
  pageOf: (entryId: string) => string,
): Message[] {
  const shown = shortened(`${words.agent(agentNumber)}${text}`, mostCardBytes)
  return [{ kind: 'card', title: shortened(answer.question, mostTitleBytes), text: shown, url: pageOf(answer.entryId) }]
}

function shortened(text: string, mostBytes: number): string {
  if (Buffer.byteLength(text) <= mostBytes) return text
  const characters = [...text]
  while (Buffer.byteLength(`${characters.join('')}…`) > mostBytes) characters.pop()
  return `${characters.join('')}…`
}

function written({ speaker, agentNumber, text, sources, answer, choices }: KeptTurn, isMenu: boolean): string {
  const by = speaker === 'bot' ? words.bot : speaker === 'agent' ? words.agent(agentNumber) : ''
  const lines = numbered(choices ?? []).map(({ number, question }) => `${number}. ${question}`)
  return [
    `${by}${text}`,
    ...(answer?.guide ? guideLines(answer.guide) : []),
    ...(sources?.length ? [`${words.sources}${sources.map(datedSourceWords).join('；')}`] : []),
    ...(lines.length > 0 && !isMenu ? [...lines, words.choose] : []),
  ].join('\n')
}

function guideLines(guide: Guide): string[] {
  return (Object.keys(guideNames) as (keyof Guide)[]).flatMap((name) => {
    const said = guide[name]
    if (said === undefined || said.length === 0) return []
    if (typeof said === 'string') return [`${guideNames[name]}：${said}`]
    if (said.length === 1) return [`${guideNames[name]}：${said.join('')}`]
    return [`${guideNames[name]}：`, ...said.map((line, at) => `${at + 1}) ${line}`)]
  })
}

/** The body of the customer-service message. */
export function sendBody(openId: string, message: Words | Media): object {
  if (message.kind === 'media') {
    const { type, mediaId: media_id } = message
    return { touser: openId, msgtype: type, [type]: { media_id } }
  }
  if (message.kind === 'text') return { touser: openId, msgtype: 'text', text: { content: message.text } }
  if (message.kind === 'card') {
    const { title, text: description, url } = message
    return { touser: openId, msgtype: 'news', news: { articles: [{ title, description, url }] } }
  }
  const list = message.choices.map((content, at) => ({ id: String(at + 1), content }))
  const { head: head_content, tail: tail_content } = message
  return { touser: openId, msgtype: 'msgmenu', msgmenu: { head_content, list, tail_content } }
}

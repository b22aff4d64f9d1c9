import { expect, it } from 'vitest'
import type { KeptTurn } from '../../contract/turn.ts'
import { accountMenu, messagesOf, sendBody } from '../../wechat/outgoing.ts'

const aTurn = (seq: number, rest: Partial<KeptTurn>): KeptTurn => ({
  ...{ conversationId: 'c', seq, speaker: 'agent', agentNumber: '1002', text: '您好', saidAt: '2026-11-22T02:00:00Z' },
  ...rest,
})
const aCard = (seq: number, rest: Partial<KeptTurn> = {}) =>
  aTurn(seq, {
    text: '带身份证到窗口办理。'.repeat(40),
    answer: {
      ...{
        entryId: 'nat-move',
        revisionId: 'r',
        question: '异地就医怎么备案',
        validFrom: '2026-01-01',
        example: false,
      },
      guide: { materials: ['身份证'] },
    },
    ...rest,
  })
const withPages = { ...accountMenu, pageOf: (id: string) => `https://hotline.test/policy/${id}` }

it('sends the card that an agent tells once and completely as one, between their words, leading to its page', () => {
  const messages = messagesOf([aTurn(1, {}), aCard(2), aTurn(3, { text: '还有别的吗' })], withPages)
  expect(messages.map(({ kind }) => kind)).toEqual(['text', 'card', 'text'])
  expect(messages[1]).toMatchObject({ title: '异地就医怎么备案', url: 'https://hotline.test/policy/nat-move' })
  const [, card] = messages
  if (card?.kind !== 'card') return expect.unreachable('the second is a card')
  const body = JSON.stringify(sendBody('o1', card))
  expect(JSON.parse(body)).toMatchObject({
    ...{ touser: 'o1', msgtype: 'news' },
    news: { articles: [{ description: expect.stringMatching(/^【工号 1002】带身份证.+…$/) as string }] },
  })
})

it('says it in words where no card can be sent, and where the bot said it', () => {
  expect(messagesOf([aCard(1)], accountMenu)[0]).toMatchObject({
    kind: 'text',
    text: expect.stringMatching(/身份证/) as string,
  })
  expect(messagesOf([aCard(1)], undefined).every(({ kind }) => kind === 'text')).toBe(true)
  expect(messagesOf([aCard(1, { speaker: 'bot' })], withPages)[0]?.kind).toBe('text')
})

it('numbers the levels of a rating by their own numbers where there is no menu', () => {
  const choices = ['非常满意', '满意', '基本满意', '不满意', '非常不满意'].map((question) => ({
    id: question,
    question,
  }))
  const [message] = messagesOf([aTurn(1, { speaker: 'bot', choices })], undefined)
  expect(message).toMatchObject({ text: expect.stringContaining('5. 非常满意\n4. 满意') as string })
})

it('sends each file of an agent by itself, between the words, and none that is gone', () => {
  const file = (id: string, state: 'kept' | 'gone') =>
    ({ id, kind: 'image', name: `${id}.jpg`, type: 'image/jpeg', bytes: 9, state }) as const
  const turns = [aTurn(1, {}), aTurn(2, { text: '[图片]', attachments: [file('a', 'kept'), file('b', 'gone')] })]
  expect(messagesOf([...turns, aTurn(3, {})], accountMenu)).toMatchObject([
    { kind: 'text' },
    { kind: 'file', fileId: 'a' },
    { kind: 'text' },
  ])
})

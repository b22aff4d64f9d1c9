/** What the stand-in's bot says. */
import { randomUUID } from 'node:crypto'
import type { Saying } from '../../contract/turn.ts'

export const anAnswer = (): Saying => ({
  text: '跨省异地就医，先备案再住院，出院时可以直接结算。\n长期在外居住的，备案长期有效。',
  sources: [
    {
      title: '关于进一步做好基本医疗保险跨省异地就医直接结算工作的通知',
      number: '医保发〔2022〕22号',
      article: '第三条',
      date: '2022-06-30',
      url: 'https://example.org/22',
    },
  ],
  answer: {
    entryId: 'nat-care-elsewhere',
    revisionId: randomUUID(),
    question: '异地就医怎么备案？',
    validFrom: '2023-01-01',
    guide: { materials: ['身份证或社会保障卡'], steps: ['打开服务平台', '提交备案'], fee: '不收费' },
    example: true,
  },
})

export const aQuestionBack: Saying = {
  text: '您想问的是哪一种报销？',
  choices: [
    { id: 'a', question: '门诊看病能报销多少？' },
    { id: 'b', question: '住院报销比例是多少？' },
  ],
}

export const answer = (text: string): Saying[] =>
  text.includes('备案') ? [anAnswer()] : text.includes('报销') ? [aQuestionBack] : [{ text: '请换个说法再问。' }]

import { describe, expect, it } from 'vitest'
import { corpus } from '../../../bot/intent/corpus.ts'
import { intents } from '../../../bot/intent/intent-names.ts'
import { intentByWords } from '../../../bot/intent/intents.ts'
import { recogniser } from '../../../bot/intent/recogniser.ts'
import { join } from 'node:path'
import { root } from '../../support/hotline.ts'

describe('words alone', () => {
  it.each([
    ['转人工', 'ask_person'],
    ['给我接个人工客服吧', 'ask_person'],
    ['不要机器人', 'ask_person'],
    ['再说一遍', 'repeat'],
    ['谢谢！', 'thanks'],
    ['都不是', 'no'],
    ['你们就是骗子', 'angry'],
    ['我妈还在抢救，钱交不上怎么办', 'urgent'],
  ])('know %s', (said, name) => {
    expect(intentByWords(said)?.name).toBe(name)
  })

  it.each([
    '急诊能报销吗',
    '抢救费用怎么报',
    '人工关节能报销吗',
    '我要做人工耳蜗报多少',
    '怎么投诉医院乱收费',
    '新生儿怎么参保',
  ])('leave %s to the knowledge', (said) => {
    expect(intentByWords(said)).toBeUndefined()
  })

  it('read no wish out of a long story, except danger', () => {
    expect(intentByWords('上个月我打人工电话一直没有人接，后来窗口又让我补材料，到底要补哪些')).toBeUndefined()
    expect(intentByWords('我实在活不下去了，医院让我先交十万，我去哪里找这么多钱啊')?.name).toBe('urgent')
  })
})

it('has words for every intent, and none under two', () => {
  const seen = new Map<string, string>()
  for (const intent of intents)
    for (const words of corpus[intent]) {
      expect(seen.get(words) ?? intent).toBe(intent)
      seen.set(words, intent)
    }
})

it('recognises what words alone do not, in its own thread, and keeps to words when the thread is gone', async () => {
  const given = {
    workerFile: join(root, 'dist', 'intent-worker.js'),
    modelFile: join(root, 'dist', 'intent-model.json'),
  }
  const live = recogniser({ ...given, log: { warn: () => {} } })
  while (!live.isReady()) await new Promise((resolve) => setTimeout(resolve, 20))
  expect((await live.recognise('帮我接一下人工吧'))?.name).toBe('ask_person')
  expect((await live.recognise('我想给你们打个分'))?.name).toBe('rate')
  expect(await live.recognise('城乡居民医保缴费')).toBeUndefined()
  expect(await live.recognise('人工授精给报吗')).toBeUndefined()
  await live.stop()
  expect((await live.recognise('转人工'))?.name).toBe('ask_person')
  expect(await live.recognise('我想给你们打个分吧')).toBeUndefined()
})

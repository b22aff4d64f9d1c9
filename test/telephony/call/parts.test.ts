/** The parts of a call that need no call: what is read out, what is found, what left for the caller, why it ended. */
import { describe, expect, it, vi } from 'vitest'
import type { KeptTurn } from '../../../contract/turn.ts'
import { callEnd } from '../../../telephony/call/call-end.ts'
import { frames, isOnHold, remoteMedia } from '../../../telephony/call/call-media.ts'
import { floorRunner } from '../../../telephony/call/floor-runner.ts'
import { holdSound } from '../../../telephony/call/hold-sound.ts'
import { mouth } from '../../../telephony/call/mouth.ts'
import { spokenLine } from '../../../telephony/call/spoken-line.ts'
import { emptyTopicBook, topicBook } from '../../../telephony/call/topic-book.ts'
import { player } from '../../../telephony/rtp/player.ts'
import { SpeechFault } from '../../../telephony/speech/speech-fault.ts'
import type { SpokenSentence, Voice } from '../../../telephony/speech/synthesiser.ts'
import type { FloorEvent } from '../../../telephony/turn-taking/floor-events.ts'
import { fakeClock } from '../rtp/fake-clock.ts'
import { quietLog } from '../../support/phone-peers.ts'

function aTurn(more: Partial<KeptTurn> = {}): KeptTurn {
  return { conversationId: 'c', seq: 1, speaker: 'bot', text: '可以。', saidAt: '2026-11-22T00:00:00.000Z', ...more }
}

describe('a turn of the server', () => {
  it('is said in the words that are meant for the ear, where there are such', () => {
    expect(spokenLine(aTurn({ spoken: '可以办。' }), 'open')).toMatchObject({
      text: '可以办。',
      expects: { kind: 'open' },
    })
  })
  it('has its first three choices read with their numbers', () => {
    const choices = ['甲怎么办？', '乙怎么办', '丙怎么办', '丁怎么办'].map((question, at) => ({
      id: `e${at}`,
      question,
    }))
    expect(spokenLine(aTurn({ text: '请选一个：', choices }), 'open')).toEqual({
      text: '请选一个。一，甲怎么办；二，乙怎么办；三，丙怎么办。请说或按数字。',
      expects: { kind: 'choices', count: 3 },
      choices: ['甲怎么办？', '乙怎么办', '丙怎么办'],
    })
    expect(spokenLine(aTurn({ choices }), 'none').text).toContain('请按数字')
  })
  it('that asks for a rating is answered by key', () => {
    const rating = { ratingId: 'r', about: 'bot' } as const
    expect(spokenLine(aTurn({ text: '请打分', rating }), 'open')).toMatchObject({ expects: { kind: 'rating' } })
  })
  it.each([
    ['请留一个电话，同事上班后给您回电。', { expects: 'number' }, 'number'],
    ['请留一个电话，同事上班后给您回电。', {}, 'open'],
    ['请您留下电话。', { speaker: 'agent', expects: 'number' }, 'open'],
    ['请您留下电话。', { speaker: 'system', expects: 'number' }, 'open'],
    ['可以吗？', { expects: 'yes-no' }, 'yes-no'],
  ] as const)('awaits what the bot has marked its question with: %s %o', (text, more, kind) => {
    expect(spokenLine(aTurn({ text, ...more }), 'open').expects.kind).toBe(kind)
  })
  it('that asks for a number says how it is typed, and what else may be said by whoever is heard', () => {
    const choices = [{ id: '不留电话', question: '不留电话' }]
    const turn = aTurn({ text: '方便留一个电话吗？', expects: 'number', choices })
    expect(spokenLine(turn, 'none').text).toBe('方便留一个电话吗？请按键输入，按完按井号。')
    expect(spokenLine(turn, 'open').text).toContain('也可以说：不留电话。')
  })
  it('that asks for a yes has its two answers read, and is answered by one and two', () => {
    const choices = ['确认提交', '取消'].map((question) => ({ id: question, question }))
    const line = spokenLine(aTurn({ text: '确认提交吗？', expects: 'yes-no', choices }), 'open')
    expect(line).toMatchObject({ expects: { kind: 'yes-no' } })
    expect(line.text).toContain('一，确认提交；二，取消')
  })
})

describe('the topic book', () => {
  const titles = ['异地就医怎么备案', '生育津贴怎么领', '新生儿怎么参保', '断缴以后怎么补'].map((question, at) => ({
    entryId: `entry-${at}`,
    code: `151${at + 1}`,
    question,
    similar: at === 1 ? ['产假工资谁发'] : [],
    spoken: '',
  }))
  it('finds by initials and by code', async () => {
    const book = await topicBook(titles)
    expect(book.byKeys('9359')[0]).toBe('异地就医怎么备案')
    expect(book.byKeys('1513')).toEqual(['新生儿怎么参保'])
    expect(book.byKeys('1111')).toEqual([])
  })
  it('offers what is worded alike, and the first three when nothing is', async () => {
    const book = await topicBook(titles)
    expect(book.offer('我想问产假工资')[0]).toBe('生育津贴怎么领')
    expect(book.offer('天气')).toEqual(titles.slice(0, 3).map(({ question }) => question))
    expect(book.offer('')).toHaveLength(3)
    expect(emptyTopicBook.offer('')).toEqual([])
  })
})

describe('the mouth', () => {
  const sentence = (text: string, ms = 1_000): SpokenSentence => ({ text, speech: new Uint8Array(ms * 8).fill(0x55) })
  function aMouth(sentences: readonly SpokenSentence[], fails = false) {
    const out = player()
    const events: FloorEvent[] = []
    const made: string[] = []
    const voice: Voice = {
      async *speak(_text, { signal } = {}) {
        for (const one of sentences) {
          if (signal?.aborted) return
          made.push(one.text)
          yield await Promise.resolve(one)
        }
        if (fails) throw new SpeechFault('tone', 'is silent')
      },
    }
    const said = mouth({ player: () => out.controls, voice, send: (event) => void events.push(event), log: quietLog })
    async function beat(count: number) {
      for (let at = 0; at < count; at++) {
        out.nextFrame()
        said.beat()
        if (at % 5 === 0) await new Promise((resolve) => setImmediate(resolve))
      }
      await new Promise((resolve) => setImmediate(resolve))
    }
    return { said, events, made, beat }
  }
  const start = { sentence: 0, ms: 0 }

  it('says where it is, and when it is through', async () => {
    const { said, events, beat } = aMouth([sentence('一。'), sentence('二。')])
    said.play(1, { text: '一。二。' })
    await beat(120)
    expect(events.filter(({ kind }) => kind === 'speechPlayed').length).toBeGreaterThan(5)
    expect(events.at(-1)).toEqual({ kind: 'speechFinished', play: 1 })
    expect(said.played(1, start)).toEqual({ heard: '一。二。', heardMs: 2_000, ofMs: 2_000 })
  })

  it('knows to the syllable what was heard when it is cut off, and makes no more of it', async () => {
    const { said, events, made, beat } = aMouth(
      ['甲乙丙丁', '戊己庚辛', '壬癸子丑', '寅卯辰巳'].map((text) => sentence(text)),
    )
    said.play(1, { text: '甲乙丙丁戊己庚辛壬癸子丑寅卯辰巳' })
    await beat(76)
    said.stop(1)
    await beat(50)
    expect(said.played(1, start)).toMatchObject({ heard: '甲乙丙丁戊己', heardMs: 1_500, ofMs: 4_000 })
    expect(made.length).toBeLessThan(4)
    expect(events.some(({ kind }) => kind === 'speechFinished')).toBe(false)
  })

  it('ends a speech that cannot be made, with what was heard of it', async () => {
    const { said, events, beat } = aMouth([sentence('一。')], true)
    said.play(1, { text: '一。二。' })
    await beat(60)
    expect(events.at(-1)).toEqual({ kind: 'speechFinished', play: 1 })
    expect(said.played(1, start).heard).toBe('一。')
  })

  it('has nothing to tell of a speech that never began', () => {
    expect(aMouth([]).said.played(9, start)).toEqual({ heard: '', heardMs: 0, ofMs: 0 })
  })
})

describe('the floor, run', () => {
  it('takes an event that an action brings about after the others, and wakes by itself', () => {
    const clock = fakeClock()
    const acted: string[] = []
    const settled = vi.fn()
    const floor = floorRunner({
      clock,
      capability: 'open',
      act(action) {
        acted.push(action.kind)
        if (action.kind === 'play') floor.send({ kind: 'speechFinished', play: action.play })
      },
      settled,
    })
    floor.send({ kind: 'answered', withNotice: false })
    expect(acted.filter((kind) => kind === 'play')).toHaveLength(2)
    expect(floor.state().mouth.kind).toBe('quiet')
    clock.pass(5_100)
    expect(acted.filter((kind) => kind === 'play')).toHaveLength(3)
    floor.stop()
    expect(settled).toHaveBeenCalled()
  })
})

describe('small things', () => {
  it('name the end of a call by who ended it', () => {
    expect(callEnd('remote-bye', undefined)).toBe('caller')
    expect(callEnd('local-bye', 'agent')).toBe('agent')
    expect(callEnd('remote-bye', 'agent')).toBe('caller')
    expect(callEnd('no-ack', undefined)).toBe('no-ack')
  })
  it('cut sound of any packet size into frames of 20 ms', () => {
    const whole: number[] = []
    const cut = frames(160, (frame) => whole.push(frame.length))
    for (const length of [160, 240, 80, 480, 100]) cut(new Uint8Array(length))
    expect(whole).toEqual(Array.from({ length: 6 }, () => 160))
  })
  it('tell a telephone that listens from one that does not', () => {
    const audio = {
      host: '10.0.0.1',
      port: 4_000,
      codecs: [{ name: 'PCMU', payload: 0 }],
      direction: 'sendonly',
    } as const
    const far = remoteMedia({ kind: 'sdp', audio, streams: [] }, '10.0.0.1')
    expect(far && isOnHold(far)).toBe(true)
    expect(remoteMedia({ kind: 'sdp', streams: [] }, '10.0.0.1')).toBeUndefined()
  })
  it('hold with five seconds of sound that is not loud', () => {
    expect(holdSound.length).toBe(40_000)
  })
})

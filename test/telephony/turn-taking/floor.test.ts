import { describe, expect, it } from 'vitest'
import { holder } from '../../../telephony/turn-taking/floor-state.ts'
import { aCall, aCallThatAnswers, aCallThatListens, aLine } from './a-call.ts'

describe('the first words of a call', () => {
  it('greets once, then asks openly where any sentence can be taken', () => {
    const call = aCallThatListens('open')
    call.send({ kind: 'answered', withNotice: false })
    expect(call.said()).toEqual(['greeting', 'ask-open'])
    expect(call.state().listening?.expects).toEqual({ kind: 'open' })
  })

  it.each([
    ['choices', 'ask-topic-or-say'],
    ['none', 'ask-topic'],
  ] as const)('tells the truth where the recogniser takes %s', (capability, question) => {
    const call = aCallThatListens(capability)
    expect(call.said()).toEqual(['greeting', question])
    expect(call.state().expects).toEqual({ kind: 'topic' })
  })

  it('hears the legal notice out whatever the caller says or presses, but for 0', () => {
    const call = aCall()
    call.send({ kind: 'answered', withNotice: true })
    call.wait(7_000)
    expect(call.sounding()?.speech.id).toBe('legal-notice')
    call.speak('我想问异地就医怎么报销')
    call.key('5', '*')
    expect(call.sounding()?.speech.id).toBe('legal-notice')
    call.key('0')
    expect(call.sounding()).toBeUndefined()
    expect(call.of('person')).toMatchObject([{ reason: 'key' }])
  })

  it('remembers 人工 said over the legal notice until the notice is through', () => {
    const call = aCall()
    call.send({ kind: 'answered', withNotice: true })
    call.wait(7_000)
    call.speak('转人工')
    call.wait(1_500)
    expect(call.of('person')).toEqual([])
    call.wait(6_000)
    expect(call.of('person')).toMatchObject([{ reason: 'asked', words: '转人工' }])
  })
})

describe('barge-in', () => {
  it.each(['嗯', '好的好的', '对对对', '嗯嗯 知道了', '是 的'])('goes on over %s', (nod) => {
    const call = aCallThatAnswers()
    call.speak(nod, { ms: 900 })
    call.wait(2_000)
    expect(call.of('stopPlaying')).toEqual([])
    expect(call.of('pause')).toEqual([])
    expect(call.committed()).toEqual([])
  })

  it('stops for a sentence and takes it as the turn', () => {
    const call = aCallThatAnswers()
    call.speak('不对我问的是异地')
    expect(call.of('stopPlaying')).toHaveLength(1)
    expect(call.sounding()).toBeUndefined()
    call.wait(1_600)
    expect(call.committed()).toEqual(['不对我问的是异地'])
  })

  it('counts characters and not blanks', () => {
    const call = aCallThatAnswers()
    call.speak('嗯 嗯 对 好', { ms: 1_000 })
    call.wait(500)
    expect(call.of('stopPlaying')).toEqual([])
    call.speak('异 地 就 医', { ms: 1_000 })
    expect(call.of('stopPlaying')).toHaveLength(1)
  })

  it('does not stop for words before half a second of voice', () => {
    const call = aCallThatAnswers()
    call.send({ kind: 'voiceStarted', voicedMs: 60 })
    call.wait(300)
    call.hypothesis('异地就医怎么')
    expect(call.of('stopPlaying')).toEqual([])
    call.wait(139)
    expect(call.of('stopPlaying')).toEqual([])
    call.wait(1)
    expect(call.of('stopPlaying')).toHaveLength(1)
  })

  it('stops at once for 人工, however short', () => {
    const call = aCallThatAnswers()
    call.speak('人工', { ms: 400 })
    expect(call.of('stopPlaying')).toHaveLength(1)
    call.wait(1_500)
    expect(call.of('person')).toMatchObject([{ reason: 'asked', words: '人工' }])
  })

  it('pauses after half a second of voice where no interim words come, and goes on at the start of the sentence', () => {
    const call = aCallThatAnswers('choices')
    call.wait(2_200)
    call.send({ kind: 'voiceStarted', voicedMs: 0 })
    call.wait(499)
    expect(call.of('pause')).toEqual([])
    call.wait(1)
    expect(call.of('pause')).toHaveLength(1)
    call.send({ kind: 'voiceEnded', silentMs: 0 })
    call.wait(1_999)
    expect(call.of('resume')).toEqual([])
    call.wait(1)
    expect(call.of('resume')).toEqual([{ kind: 'resume', play: 3, sentence: 1 }])
  })

  it('takes a closed phrase that was recognised, and resumes at once after a nod', () => {
    const nodding = aCallThatAnswers('choices')
    nodding.speak('嗯')
    expect(nodding.sounding()?.isPaused).toBe(false)
    expect(nodding.of('pause')).toHaveLength(1)

    const choosing = aCallThatAnswers('choices', aLine('offer', { kind: 'choices', count: 3 }))
    choosing.speak('第二个')
    expect(choosing.of('choose')).toEqual([{ kind: 'choose', choice: 2 }])
    expect(choosing.sounding()).toBeUndefined()
  })

  it('leaves a deaf line alone: a voice there can mean nothing', () => {
    const call = aCallThatAnswers('none')
    call.speak('喂喂喂', { ms: 3_000 })
    expect(call.of('pause')).toEqual([])
    expect(call.of('stopPlaying')).toEqual([])
  })

  it('reports what was heard, up to the cursor', () => {
    const call = aCallThatAnswers()
    call.wait(1_900)
    call.key('3')
    expect(call.of('heard').at(-1)).toMatchObject({
      speech: { id: 'answer' },
      cursor: { sentence: 1, ms: 800 },
      isWhole: false,
    })
  })

  it('counts as heard what was heard before a pause', () => {
    const call = aCallThatAnswers('choices')
    call.wait(200)
    call.send({ kind: 'voiceStarted', voicedMs: 0 })
    call.wait(500)
    call.send({ kind: 'voiceEnded', silentMs: 0 })
    const { ms } = call.sounding() ?? { ms: 0 }
    call.wait(2_400)
    expect(call.sounding()?.ms).toBeLessThan(ms)
    call.key('5')
    expect(call.of('heard').at(-1)?.cursor).toEqual({ sentence: 0, ms })
  })

  it('says who has the floor', () => {
    const call = aCallThatAnswers()
    expect(holder(call.state())).toBe('bot')
    call.send({ kind: 'voiceStarted', voicedMs: 0 })
    expect(holder(call.state())).toBe('both')
    call.hypothesis('我问的是异地')
    call.wait(500)
    expect(holder(call.state())).toBe('caller')
    expect(holder(aCallThatListens().state())).toBe('nobody')
  })
})

describe('a turn', () => {
  it('is committed 700 ms after the voice of a caller who pauses little', () => {
    const call = aCallThatListens()
    call.speak('异地就医怎么备案')
    call.wait(699)
    expect(call.committed()).toEqual([])
    call.wait(1)
    expect(call.committed()).toEqual(['异地就医怎么备案'])
  })

  it('holds both halves of a sentence with a pause in it', () => {
    const call = aCallThatListens()
    call.speak('我妈妈在上海住院')
    call.wait(500)
    call.speak('回来能报多少')
    call.wait(1_500)
    expect(call.committed()).toEqual(['我妈妈在上海住院回来能报多少'])
  })

  it('waits for the recogniser, and after two seconds takes the words it had', () => {
    const call = aCallThatListens()
    call.speak('医保怎么缴费', { isFinal: false })
    call.wait(700)
    expect(call.of('endListening')).toHaveLength(1)
    expect(call.committed()).toEqual([])
    call.wait(2_000)
    expect(call.committed()).toEqual(['医保怎么缴费'])
  })

  it('ignores a final that comes after its words were taken', () => {
    const call = aCallThatListens()
    call.speak('医保怎么缴费', { isFinal: false })
    const { session } = call.of('startListening').at(-1) ?? { session: 0 }
    call.wait(2_700)
    call.send({ kind: 'final', session, text: '医保怎么缴费呢', confidence: 1, mustConfirm: false })
    call.wait(3_000)
    expect(call.committed()).toEqual(['医保怎么缴费'])
  })

  it('is not followed by a correction of the same recognition', () => {
    const call = aCallThatListens()
    const { session } = call.of('startListening').at(-1) ?? { session: 0 }
    call.speak('医保怎么缴费')
    call.wait(800)
    call.send({ kind: 'final', session, text: '医保怎么交费', confidence: 1, mustConfirm: false })
    call.wait(3_000)
    expect(call.committed()).toEqual(['医保怎么缴费'])
  })

  it('ends later for a caller who pauses long, within the sentence or after we cut in', () => {
    const call = aCallThatListens()
    const before = call.state().pauseMs
    call.speak('我妈妈在上海住院')
    call.wait(650)
    call.speak('回来能报多少钱')
    const within = call.state().pauseMs
    expect(within).toBeCloseTo(0.9 * before + 0.1 * 590)
    call.wait(1_000)
    call.speak('她是退休职工')
    expect(call.state().pauseMs).toBeCloseTo(0.9 * within + 0.1 * 940)
  })

  it('is asked for again when the engine is unsure, and taken on 对 or on key 1', () => {
    for (const answer of ['word', 'key'] as const) {
      const call = aCallThatListens()
      call.speak('门诊慢特病', { confidence: 0.5 })
      call.wait(800)
      expect(call.said().at(-1)).toBe('confirm')
      expect(call.committed()).toEqual([])
      call.wait(6_000)
      if (answer === 'word') call.speak('对的')
      else call.key('1')
      call.wait(800)
      expect(call.committed()).toEqual(['门诊慢特病'])
    }
  })

  it('is a new one when the caller corrects instead of saying no', () => {
    const call = aCallThatListens()
    call.speak('门诊慢特病', { confidence: 0.5 })
    call.wait(800)
    call.speak('不是我问的是生育津贴')
    call.wait(1_500)
    expect(call.committed()).toEqual(['不是我问的是生育津贴'])
  })

  it('makes an answer that has not begun stale', () => {
    const call = aCallThatListens()
    call.speak('异地就医怎么备案')
    call.wait(800)
    call.speak('不对我是问生育津贴')
    call.say(aLine('stale'))
    call.wait(1_500)
    expect(call.committed()).toEqual(['异地就医怎么备案', '不对我是问生育津贴'])
    expect(call.said()).not.toContain('stale')
    expect(call.of('heard').at(-1)).toMatchObject({ speech: { id: 'stale' }, isWhole: false })
  })

  it('is not waited for without end: after 20 s the caller is asked to be brief, the next time the words are taken', () => {
    const call = aCallThatListens()
    const ramble = () => {
      call.send({ kind: 'voiceStarted', voicedMs: 0 })
      for (let second = 0; second < 20; second++) {
        call.hypothesis('我妈妈去年在上海住院'.repeat(second + 1))
        call.wait(1_000)
      }
    }
    ramble()
    expect(call.said().at(-1)).toBe('be-brief')
    expect(call.committed()).toEqual([])
    call.send({ kind: 'voiceEnded', silentMs: 0 })
    call.wait(6_000)
    ramble()
    call.wait(2_000)
    expect(call.committed()).toHaveLength(1)
  })

  it('gets a filler after 1.2 s of thinking, and a person when the server is gone', () => {
    const call = aCallThatListens()
    call.speak('医保怎么缴费')
    call.wait(700 + 1_199)
    expect(call.said()).not.toContain('filler')
    call.wait(1)
    expect(call.said().at(-1)).toBe('filler')
    call.wait(9_000)
    expect(call.of('person')).toMatchObject([{ reason: 'failed' }])
    expect(call.said().at(-1)).toBe('apology')
  })

  it('is answered when the filler is through', () => {
    const call = aCallThatListens()
    call.speak('医保怎么缴费')
    call.wait(700 + 1_300)
    call.say(aLine('answer'))
    expect(call.sounding()?.speech.id).toBe('filler')
    call.wait(6_000)
    expect(call.sounding()?.speech.id).toBe('answer')
  })

  it('is not made of a television: a wordless voice holds no answer up', () => {
    const call = aCallThatListens()
    call.speak('医保怎么缴费')
    call.wait(800)
    call.send({ kind: 'voiceStarted', voicedMs: 0 })
    call.say(aLine('answer'))
    call.wait(1_999)
    expect(call.said()).not.toContain('answer')
    call.wait(1)
    expect(call.said().at(-1)).toBe('answer')
  })
})

describe('silence and misunderstanding', () => {
  it('climbs from a short question to the keys, a person, a callback and goodbye', () => {
    const call = aCallThatListens()
    call.wait(4_899)
    expect(call.said().at(-1)).toBe('ask-open')
    call.wait(1)
    expect(call.said().at(-1)).toBe('silence-open')
    call.wait(11_000)
    expect(call.said().at(-1)).toBe('silence-open-keys')
    call.wait(11_000)
    expect(call.of('person')).toMatchObject([{ reason: 'silent' }])
    call.send({ kind: 'returned' })
    call.wait(5_000)
    expect(call.of('callback')).toHaveLength(1)
    call.wait(11_000)
    expect(call.said().at(-1)).toBe('goodbye')
    call.wait(6_000)
    expect(call.of('hangUp')).toHaveLength(1)
    expect(call.state().stage).toBe('ended')
  })

  it('begins at the lowest rung again after a turn', () => {
    const call = aCallThatListens()
    call.wait(5_000 + 6_000)
    call.speak('医保怎么缴费')
    call.wait(800)
    call.say(aLine('answer'))
    call.wait(6_000 + 5_000)
    expect(call.said().slice(-2)).toEqual(['answer', 'silence-open'])
  })

  it('answers 喂 at once', () => {
    const call = aCallThatListens()
    call.speak('喂喂')
    call.wait(800)
    expect(call.said().at(-1)).toBe('silence-open')
  })

  it('asks for other words, then offers three titles, then a person', () => {
    const call = aCallThatListens()
    const mumble = () => {
      call.speak('呜哩哇啦', { confidence: 0.2 })
      call.wait(800)
    }
    mumble()
    expect(call.said().at(-1)).toBe('no-match')
    call.wait(6_000)
    mumble()
    expect(call.of('offerTopics')).toEqual([{ kind: 'offerTopics', near: '呜哩哇啦' }])
    call.say(aLine('offer', { kind: 'choices', count: 3 }))
    call.wait(6_000)
    mumble()
    expect(call.of('person')).toMatchObject([{ reason: 'stuck' }])
  })

  it('does not take a cough for a question, nor for an end of the silence', () => {
    const call = aCallThatListens()
    call.wait(3_000)
    call.speak('', { ms: 300 })
    call.wait(1_600)
    expect(call.said().at(-1)).not.toBe('no-match')
    call.wait(1_200)
    expect(call.said().at(-1)).toBe('silence-open')
  })

  it('does not nudge anybody to rate', () => {
    const call = aCallThatAnswers('open', aLine('rate', { kind: 'rating' }))
    call.wait(5_000 + 5_000)
    expect(call.said().at(-1)).toBe('goodbye')
    call.key('5')
    expect(call.of('rate')).toEqual([{ kind: 'rate', level: 5 }])
    expect(call.of('hangUp')).toEqual([])
  })

  it('asks for the rating though keys come before its question, and takes the one that comes after', () => {
    const call = aCallThatAnswers('none')
    call.send({ kind: 'bridged' })
    call.send({ kind: 'returned' })
    call.key('1')
    call.say(aLine('the service has ended'))
    expect(call.sounding()).toBeUndefined()
    call.say(aLine('rate', { kind: 'rating' }))
    expect(call.sounding()?.speech.id).toBe('the service has ended')
    call.key('1')
    expect(call.sounding()?.speech.id).toBe('rate')
    expect(call.of('rate')).toEqual([])
    call.key('1')
    expect(call.of('rate')).toEqual([{ kind: 'rate', level: 1 }])
    expect(call.of('findTopics')).toEqual([])
  })

  it('is still a person that 0 brings where a rating is about to be asked for', () => {
    const call = aCallThatAnswers('none', aLine('the service has ended'))
    call.say(aLine('rate', { kind: 'rating' }))
    call.key('0')
    expect(call.of('person')).toMatchObject([{ reason: 'key' }])
    expect(call.sounding()).toBeUndefined()

    // Over the question for a number, which the rating after it has made idle, it begins no number.
    const other = aCallThatAnswers('none', aLine('your number', { kind: 'number' }))
    other.say(aLine('rate', { kind: 'rating' }))
    other.key('0')
    expect(other.of('person')).toMatchObject([{ reason: 'key' }])
  })

  it('ends nowhere when nobody looks for a person any more', () => {
    const call = aCallThatListens()
    call.key('0')
    call.wait(59_999)
    call.send({ kind: 'stillWaiting' })
    call.wait(59_999)
    expect(call.of('callback')).toEqual([])
    call.wait(1)
    expect(call.of('callback')).toHaveLength(1)
  })
})

describe('keys on the floor', () => {
  it('interrupt at once', () => {
    const call = aCallThatAnswers()
    const actions = call.key('4')
    expect(actions.map(({ kind }) => kind)).toContain('stopPlaying')
  })

  it('find a topic by initials, ended by # or by a pause, and by code at its fourth digit', () => {
    const call = aCallThatListens('none')
    call.key('9', '3', '5', '9')
    expect(call.of('findTopics')).toEqual([])
    call.key('#')
    call.say(aLine('offer', { kind: 'choices', count: 2 }))
    call.wait(500)
    expect(call.key('3').map(({ kind }) => kind)).not.toContain('choose')
    expect(call.said().at(-1)).toBe('key-unknown')
    call.key('2')
    expect(call.of('choose')).toEqual([{ kind: 'choose', choice: 2 }])

    const coded = aCallThatListens('none')
    coded.key('4', '1', '7', '7')
    const paused = aCallThatListens('none')
    paused.key('6', '9')
    paused.wait(2_500)
    expect([...call.of('findTopics'), ...coded.of('findTopics'), ...paused.of('findTopics')]).toEqual([
      { kind: 'findTopics', digits: '9359' },
      { kind: 'findTopics', digits: '4177' },
      { kind: 'findTopics', digits: '69' },
    ])
  })

  it('leave a spoken question for the desk', () => {
    const call = aCallThatListens('none')
    call.key('1', '#')
    expect(call.said().at(-1)).toBe('leave-message')
    expect(call.state().listening).toBeUndefined()
    call.wait(6_000)
    const { session } = call.of('startListening').at(-1) ?? { session: -1 }
    call.send({ kind: 'voiceStarted', voicedMs: 0 })
    call.wait(30_000)
    call.key('#')
    expect(call.of('commitMessage')).toEqual([{ kind: 'commitMessage', session, voicedMs: 30_000 }])
  })

  it('take a telephone number with zeros in it, and a lone 0 for a person', () => {
    const call = aCallThatAnswers('open', aLine('number', { kind: 'number' }))
    call.key('0', '5', '5', '4', '1', '2', '3', '4', '5', '0', '0')
    call.wait(2_999)
    expect(call.committed()).toEqual([])
    call.wait(1)
    expect(call.committed()).toEqual(['05541234500'])

    const lone = aCallThatAnswers('open', aLine('number', { kind: 'number' }))
    lone.key('0')
    lone.wait(2_000)
    expect(lone.of('person')).toMatchObject([{ reason: 'key' }])
  })

  it('repeat the last answer from its beginning', () => {
    const call = aCallThatAnswers()
    call.wait(10_000)
    call.key('*')
    expect(call.said().at(-1)).toBe('answer')
    call.wait(1_000)
    call.speak('再说一遍')
    call.wait(1_000)
    expect(call.said().filter((id) => id === 'answer')).toHaveLength(3)
  })
})

describe('the line changes', () => {
  it('says nothing on hold and goes on at the start of the sentence', () => {
    const call = aCallThatAnswers()
    call.wait(2_000)
    call.send({ kind: 'held' })
    call.say(aLine('later'))
    call.wait(60_000)
    expect(call.sounding()?.isPaused).toBe(true)
    expect(call.state().listening).toBeUndefined()
    call.send({ kind: 'unheld' })
    expect(call.of('resume')).toMatchObject([{ sentence: 1 }])
    expect(call.state().listening).toBeDefined()
  })

  it('tells the truth when the recogniser fails in the middle of a call', () => {
    const call = aCallThatListens()
    call.send({ kind: 'capabilityChanged', capability: 'none' })
    expect(call.said().at(-1)).toBe('ask-topic')
    expect(call.state().listening).toBeUndefined()
    call.send({ kind: 'capabilityChanged', capability: 'open' })
    expect(call.state().expects).toEqual({ kind: 'open' })
    call.wait(6_000)
    expect(call.said().at(-1)).toBe('ask-open')
  })

  it('never asks an open question after the recogniser failed', () => {
    const call = aCall()
    call.send({ kind: 'answered', withNotice: false })
    call.send({ kind: 'capabilityChanged', capability: 'choices' })
    call.wait(14_000)
    expect(call.said()).toEqual(['greeting', 'ask-topic-or-say'])
  })

  it('breaks an open question off when the recogniser fails under it', () => {
    const call = aCall()
    call.send({ kind: 'answered', withNotice: false })
    call.wait(7_000)
    expect(call.sounding()?.speech.id).toBe('ask-open')
    call.send({ kind: 'capabilityChanged', capability: 'none' })
    expect(call.sounding()?.speech.id).toBe('ask-topic')
  })

  it('keeps out of a talk with a person, and comes back after it', () => {
    const call = aCallThatAnswers()
    call.send({ kind: 'bridged' })
    call.say(aLine('not for the telephone'))
    call.wait(600_000)
    expect(call.said().at(-1)).toBe('answer')
    expect(call.of('person')).toEqual([])
    call.send({ kind: 'returned' })
    call.say(aLine('rate', { kind: 'rating' }))
    expect(call.said().at(-1)).toBe('rate')
  })

  it('says what is left, then goodbye, when the conversation is closed', () => {
    const call = aCallThatAnswers()
    call.send({ kind: 'closed' })
    call.wait(12_000)
    expect(call.said().slice(-2)).toEqual(['answer', 'goodbye'])
    expect(call.actions().at(-1)).toEqual({ kind: 'hangUp' })
  })
})

import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { setTimeout as pause } from 'node:timers/promises'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { decodeAlaw } from '../../../telephony/rtp/g711.ts'
import { englishModelFolder, mandarinModelFault } from '../../../telephony/speech/acoustic-model.ts'
import { asPinyin, espeakSynthesiser } from '../../../telephony/speech/espeak-synthesiser.ts'
import {
  pocketsphinxRecogniser,
  type PocketsphinxRecogniser,
} from '../../../telephony/speech/pocketsphinx-recogniser.ts'
import type { Heard, ListenOrder } from '../../../telephony/speech/recogniser.ts'
import { SpeechFault } from '../../../telephony/speech/speech-fault.ts'
import { spokenText } from '../../../telephony/speech/spoken-text.ts'
import {
  childFile,
  execArgv,
  hasEspeak,
  hasMandarinModel,
  hasPocketsphinx,
  mandarinModelFolder,
  quietLog,
} from './installed.ts'
import { aHearing, frames, joined, loudness, silence } from './sounds.ts'

const voice = espeakSynthesiser()

/** As the line carries it: A-law both ways, with a moment of quiet around. */
async function overTheLine(text: string): Promise<Int16Array> {
  return joined(silence(300), decodeAlaw(await voice.render(spokenText(text))), silence(300))
}

/** Questions of the packs, seven at a time as the phone reads them out. */
const titles = [
  '异地就医怎么备案',
  '生育津贴怎么领取',
  '居民医保什么时候缴费',
  '门诊慢特病怎么申请',
  '新生儿怎么参加医保',
  '医保断缴了有什么影响',
  '住院医保能报百分之多少',
  '医疗救助怎么申请',
  '长护险怎么申请',
  '个人账户的钱怎么用',
  '职工医保怎么转移',
  '药店买药能报销吗',
  '大病保险怎么报销',
  '医保码怎么激活',
]
const setOf = (first: number) => Array.from({ length: 7 }, (_, i) => titles[(first + i * 2) % titles.length] ?? '')

describe.skipIf(!hasEspeak)('the embedded voice (needs espeak-ng)', () => {
  it('says a sentence in a plausible time, at a plausible loudness, on the line', async () => {
    const speech = await voice.render(spokenText('您好，欢迎致电医疗保障咨询热线。'))
    const seconds = speech.length / 8_000
    expect(seconds).toBeGreaterThan(2.5)
    expect(seconds).toBeLessThan(6)
    const samples = decodeAlaw(speech)
    expect(loudness(samples)).toBeGreaterThan(800)
    expect(Math.max(...samples)).toBeLessThan(32_000)
  })

  it('says more in more time, and the same text the same way', async () => {
    const short = await voice.render('您好。')
    const long = await voice.render('您好，请您说出要办的事情。')
    expect(long.length).toBeGreaterThan(short.length * 2)
    expect(Buffer.compare(await voice.render('您好。'), short)).toBe(0)
  })

  it('takes text as text, whatever a shell or an option would make of it', async () => {
    for (const text of ['$(touch x)', '-v en', '; rm -rf', '"'])
      expect(await voice.render(text)).toBeInstanceOf(Uint8Array)
  })

  it('serves a burst of calls', async () => {
    const all = await Promise.all(Array.from({ length: 12 }, (_, i) => voice.render(spokenText(`第${i}位来电人`))))
    expect(all.every(({ length }) => length > 4_000)).toBe(true)
  })
})

describe('the embedded voice', () => {
  it('is told how to read, not what', () => {
    expect(asPinyin('行长，A类重新')).toBe('hang2 zhang3 ， A lei4 chong2 xin1')
  })

  it('is a fault where the program is missing', async () => {
    await expect(espeakSynthesiser({ program: '/nowhere/espeak-ng' }).render('好')).rejects.toThrow(SpeechFault)
  })
})

function heardBy(
  recogniser: PocketsphinxRecogniser,
  order: ListenOrder,
  samples: Int16Array,
): Promise<Heard | undefined> {
  const hearing = aHearing()
  const listening = recogniser.listen(order, hearing.hears)
  for (const frame of frames(samples)) listening.write(frame)
  listening.end()
  return hearing.over.then(() => {
    if (hearing.faults[0]) throw hearing.faults[0]
    return hearing.finals[0]
  })
}

const choicesOf = (set: readonly string[]): ListenOrder => ({
  mode: 'choices',
  choices: set.map((title) => ({ id: title, title })),
  phrases: [],
})

async function aRecogniser(model: 'english' | 'mandarin'): Promise<PocketsphinxRecogniser> {
  const modelFolder = model === 'english' ? englishModelFolder : mandarinModelFolder
  const found = await pocketsphinxRecogniser({ model, modelFolder, childFile, execArgv, decoders: 2, log: quietLog })
  if ('missing' in found) throw new Error(found.missing)
  return found.recogniser
}

describe.skipIf(!hasEspeak || !hasPocketsphinx)(
  'the embedded recogniser (needs espeak-ng, pocketsphinx-en-us, libpocketsphinx3, libsphinxbase3)',
  () => {
    let recogniser: PocketsphinxRecogniser
    beforeAll(async () => void (recogniser = await aRecogniser('english')))
    afterAll(() => recogniser.close())

    // Measured: 12 of 14 here (short titles), 38 of 40 over questions of all packs, with the same voice.
    it('picks the right one of seven titles from Mandarin with an English model, mostly', async () => {
      let right = 0
      for (const [i, title] of titles.entries()) {
        const heard = await heardBy(recogniser, choicesOf(setOf(i)), await overTheLine(title))
        expect(heard?.mustConfirm ?? true).toBe(true)
        if (heard?.text === title) right++
      }
      console.log(`closed choice, English model: ${right} of ${titles.length}`)
      expect(right).toBeGreaterThanOrEqual(9)
    })

    it('takes a similar wording for its choice', async () => {
      const choices = [
        { id: 'away', title: '异地就医怎么备案', similar: ['去外省看病要办什么手续'] },
        { id: 'birth', title: '生育津贴怎么领取' },
      ]
      const heard = await heardBy(
        recogniser,
        { mode: 'choices', choices, phrases: [] },
        await overTheLine('去外省看病要办什么手续'),
      )
      expect(heard).toMatchObject({ text: '异地就医怎么备案', candidates: [{ id: 'away' }] })
    })

    it('hears several callers at once as it hears them one after another', async () => {
      const sounds = await Promise.all(titles.slice(0, 5).map(overTheLine))
      const order = choicesOf(titles.slice(0, 5))
      const apart: (string | undefined)[] = []
      for (const sound of sounds) apart.push((await heardBy(recogniser, order, sound))?.text)
      const together = await Promise.all(sounds.map((sound) => heardBy(recogniser, order, sound)))
      expect(together.map((one) => one?.text)).toEqual(apart)
      expect(apart.filter((text) => text !== undefined).length).toBeGreaterThanOrEqual(3)
    })

    it('hears nothing in a click, and nothing where nothing is asked', async () => {
      expect(await heardBy(recogniser, choicesOf(titles), silence(100))).toBeUndefined()
      expect(await heardBy(recogniser, choicesOf([]), await overTheLine('您好'))).toBeUndefined()
    })

    it('loses nothing when native code ends the child in the middle of a decode', async () => {
      const sound = await overTheLine('异地就医怎么备案')
      const before = recogniser.childPid ?? 0
      const waiting = heardBy(recogniser, choicesOf(setOf(0)), sound)
      await pause(20)
      process.kill(before, 'SIGSEGV')
      expect((await waiting)?.text).toBe('异地就医怎么备案')
      expect(recogniser.childPid).not.toBe(before)
    })
  },
)

describe.skipIf(!hasEspeak || !hasPocketsphinx || !hasMandarinModel)(
  "the embedded recogniser with an operator's Mandarin model (needs it, espeak-ng and pocketsphinx)",
  () => {
    let recogniser: PocketsphinxRecogniser
    beforeAll(async () => void (recogniser = await aRecogniser('mandarin')))
    afterAll(() => recogniser.close())

    it('is taken for what it is', async () => {
      expect(await mandarinModelFault(mandarinModelFolder)).toBeUndefined()
      expect(recogniser.capability).toBe('open')
    })

    it('picks the right one of seven titles', async () => {
      let right = 0
      for (const [i, title] of titles.entries())
        if ((await heardBy(recogniser, choicesOf(setOf(i)), await overTheLine(title)))?.text === title) right++
      console.log(`closed choice, Mandarin model: ${right} of ${titles.length}`)
      expect(right).toBeGreaterThanOrEqual(12)
    })

    it('is a fault to ask openly before anything was learnt', async () => {
      await expect(heardBy(recogniser, { mode: 'open', phrases: [] }, await overTheLine('您好'))).rejects.toThrow(
        'learnt',
      )
    })

    it('offers three entries to an open question, mostly the right one among fourteen', async () => {
      await recogniser.learn(titles.map((title) => ({ id: title, title, similar: [`请问${title}`] })))
      let [first, offered] = [0, 0]
      for (const title of titles) {
        const heard = await heardBy(
          recogniser,
          { mode: 'open', phrases: [] },
          await overTheLine(`你好，我想问一下${title}`),
        )
        expect(heard?.candidates.length ?? 0).toBeLessThanOrEqual(3)
        expect(heard?.mustConfirm ?? true).toBe(true)
        if (heard?.candidates[0]?.id === title) first++
        if (heard?.candidates.some(({ id }) => id === title)) offered++
      }
      console.log(`open question, Mandarin model: first ${first}, among three ${offered} of ${titles.length}`)
      expect(offered).toBeGreaterThanOrEqual(7)
    })

    it('hears by what was learnt last', async () => {
      await recogniser.learn([{ id: 'only', title: '电子票据怎么下载', similar: [] }])
      const heard = await heardBy(recogniser, { mode: 'open', phrases: [] }, await overTheLine('电子票据怎么下载'))
      expect(heard?.candidates.map(({ id }) => id)).toEqual(['only'])
    })

    it('has the successor of a child that died learn the same', async () => {
      const before = recogniser.childPid ?? 0
      process.kill(before, 'SIGKILL')
      await pause(100)
      const heard = await heardBy(recogniser, { mode: 'open', phrases: [] }, await overTheLine('电子票据怎么下载'))
      expect(heard?.candidates.map(({ id }) => id)).toEqual(['only'])
      expect(recogniser.childPid).not.toBe(before)
    })
  },
)

describe('a machine without the model', () => {
  it('says what is missing, and leaves nothing behind', async () => {
    const folder = await mkdtemp(join(tmpdir(), 'budayang-no-model-'))
    const found = await pocketsphinxRecogniser({
      model: 'english',
      modelFolder: folder,
      childFile,
      execArgv,
      log: quietLog,
    })
    expect(found).toHaveProperty('missing')
    expect(await mandarinModelFault(folder)).toMatch(/^缺少文件 feat\.params、mdef/)
    await rm(folder, { recursive: true })
  })
})

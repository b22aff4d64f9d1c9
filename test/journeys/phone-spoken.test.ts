/** What a caller says in the middle of a call: over the bot's words, and to choose with the recogniser of this machine. */
import { spawnSync } from 'node:child_process'
import { afterAll, afterEach, beforeAll, expect, it } from 'vitest'
import { encodeAlaw } from '../../telephony/rtp/g711.ts'
import { englishModelFolder } from '../../telephony/speech/acoustic-model.ts'
import { azureRecogniser } from '../../telephony/speech/azure-recogniser.ts'
import { asPinyin } from '../../telephony/speech/espeak-synthesiser.ts'
import { pocketsphinxRecogniser } from '../../telephony/speech/pocketsphinx-recogniser.ts'
import { resampleInSlices } from '../../telephony/speech/resampler.ts'
import { readWav } from '../../telephony/speech/wav.ts'
import { aHotline, type TestHotline } from '../support/hotline.ts'
import { aCaller, aPhone, phoneToken, voiceHertz } from '../support/phone-peers.ts'
import { anAgent, until } from '../support/socket-clients.ts'
import { azureStandIn, goodKey } from '../telephony/speech/azure-stand-in.ts'
import { childFile, execArgv, hasEspeak, hasPocketsphinx, quietLog } from '../telephony/speech/installed.ts'

let hotline: TestHotline
const closing: (() => unknown)[] = []
beforeAll(async () => {
  hotline = await aHotline({ env: { PHONE_TOKEN: phoneToken, QUEUE_MODE: 'claim' } })
})
afterEach(async () => {
  for (const close of closing.splice(0).reverse()) await close()
})
afterAll(() => hotline.close())

type Said = { speaker: string; text: string; seq: number; heard: string | null; cut: boolean }

/** The conversation of the call that came last, with how much of each turn was played. */
async function saidNow(): Promise<Said[]> {
  const { rows } = await hotline.database.pool.query<Said>(
    `select speaker, text, t.seq, heard, heard_ms < of_ms as cut
       from turn t left join turn_heard h on h.conversation_id = t.conversation_id and h.seq = t.seq
      where t.conversation_id = (select conversation_id from call order by offered_at desc limit 1) order by t.seq`,
  )
  return rows
}
async function untilSaid(isSo: (said: Said[]) => boolean, what: string): Promise<Said[]> {
  for (let waited = 0; waited < 20_000; waited += 100) {
    const said = await saidNow()
    if (isSo(said)) return said
    await new Promise((resolve) => setTimeout(resolve, 100))
  }
  throw new Error(`never kept: ${what}: ${JSON.stringify(await saidNow())}`)
}

it('stops in the middle of an answer for a new question, and not for a nod', async () => {
  const azure = await azureStandIn({ transcripts: ['新生儿怎么参保', '嗯', '异地就医怎么备案'] })
  closing.push(() => azure.close())
  const recognisers = [azureRecogniser({ key: goodKey, sttHost: azure.host })]
  const phone = await aPhone(hotline.url, { recognisers, msOfCharacter: 120 })
  closing.push(() => phone.close())
  const caller = await aCaller('13700138001')
  closing.push(() => caller.close())
  await until(() => phone.isLinked(), 'the link')

  const call = await caller.ring(phone.uri)
  const sounds = () => call.hears(voiceHertz)
  await until(() => phone.said.some((words) => words.includes('请说出您的问题')) && sounds(), 'the open question')
  await until(() => !sounds(), 'the end of the question')
  await call.speak(1_500)
  const [, answer] = await untilSaid((said) => said.length === 2, 'the first answer')
  await until(sounds, 'the first answer heard')

  await call.speak(700)
  await until(() => azure.seen.heard.includes('嗯'), 'the nod')
  call.heard()
  await until(() => call.hears(voiceHertz, 100), 'the first answer, which goes on')
  expect(await saidNow()).toHaveLength(2)

  await call.speak(1_500)
  const said = await untilSaid((so) => so.length === 4 && so[1]?.heard !== null, 'the second answer')
  expect(said.map(({ speaker }) => speaker)).toEqual(['customer', 'bot', 'customer', 'bot'])
  expect(said[2]?.text).toBe('异地就医怎么备案')
  expect(said[1]?.cut).toBe(true)
  expect(said[1]?.heard).not.toBe('')
  expect(answer?.text.replace(/\s/g, '')).not.toBe(said[1]?.heard?.replace(/\s/g, ''))
  await until(() => phone.said.some((words) => words.includes('异地')) && sounds(), 'the second answer heard')
  call.hangUp()
  await until(() => phone.calls() === 0, 'the end')
}, 60_000)

const speech = 'needs espeak-ng, pocketsphinx-en-us, libpocketsphinx3, libsphinxbase3'
it.skipIf(!hasEspeak || !hasPocketsphinx)(
  `hears a title that it has read out, asks back, takes the key for it, and hears a call for a person (${speech})`,
  async () => {
    const found = await pocketsphinxRecogniser({
      ...{ model: 'english', modelFolder: englishModelFolder, childFile, execArgv, decoders: 1, log: quietLog },
    })
    if ('missing' in found) throw new Error(found.missing)
    const agent = await anAgent(hotline.url, await hotline.aMember('agent'))
    closing.push(() => agent.close())
    await agent.must('presence:set', { state: 'online' })
    const phone = await aPhone(hotline.url, { recognisers: [found.recogniser] })
    closing.push(() => phone.close())
    const caller = await aCaller('13700138002')
    closing.push(() => caller.close())
    await until(() => phone.isLinked(), 'the link')

    const call = await caller.ring(phone.uri)
    const sounds = () => call.hears(voiceHertz)
    const says = async (text: string) =>
      call.media.player.play([{ name: 'voice', audio: encodeAlaw(await anotherVoice(text)) }])
    await until(() => phone.said.some((words) => words.includes('这条线只听得懂短词')) && sounds(), 'the first words')
    // Titles are read for some moments after the link is up; until then nothing is found.
    const offeredFirst = () => phone.said.find((words) => words.startsWith('一，'))
    const asking = setInterval(() => offeredFirst() ?? call.press('9', '3', '5', '9', '#'), 3_000)
    const offered = await until(offeredFirst, 'titles').finally(() => clearInterval(asking))
    await until(() => phone.said.some((words) => words.includes('都不是请按星号')) && sounds(), 'all titles')
    await until(() => !sounds(), 'the end of the titles')
    const title = offered.replace(/^一，/, '').replace(/[。？?]+$/, '')
    await says(title)
    await until(() => phone.said.some((words) => words.includes(`您是说：${title}`)), 'whether that is meant')
    call.press('1')
    const said = await untilSaid((so) => so.length === 2, 'the answer')
    expect(said.map(({ speaker }) => speaker)).toEqual(['customer', 'bot'])
    expect(said[0]?.text).toContain(title)

    await until(sounds, 'the answer heard')
    await until(() => !sounds(), 'the end of the answer')
    await says('转人工')
    await until(() => agent.queue()?.waiting[0], 'the caller in the queue')
    call.hangUp()
    await until(() => phone.calls() === 0, 'the end')
  },
  60_000,
)

/** Not the voice that the phone itself speaks with. @returns samples at 8 kHz with quiet around. */
async function anotherVoice(text: string): Promise<Int16Array> {
  const args = ['-v', 'cmn-latn-pinyin+f2', '-s', '165', '-b', '1', '--stdin', '--stdout']
  const { stdout } = spawnSync('espeak-ng', args, { input: asPinyin(text) })
  const sound = readWav(stdout)
  if (!sound) throw new Error('espeak-ng printed no sound')
  const samples = await resampleInSlices(sound.samples, sound.rate, 8_000)
  return Int16Array.from([...new Int16Array(2_400), ...samples, ...new Int16Array(2_400)])
}

/** Somebody asked what nobody could answer, left a number and went: the answer follows them by a short message, once. */
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { gapLettersStore } from '../../bot/gap-letters.store.ts'
import { wording } from '../../bot/wording.ts'
import { anSmsPlatform } from '../server/outbox-peers.ts'
import { aHotline, type TestHotline } from '../support/hotline.ts'
import { signedIn } from '../support/http-client.ts'
import { aVisitor, type Visitor } from '../support/socket-clients.ts'
import { aWording } from '../support/wording.ts'

const hourMs = 3_600_000
const question = '救援队直升机由谁派出'
const answer = '直升机由救援队所在地的应急管理部门派出。'
let hotline: TestHotline
let platform: Awaited<ReturnType<typeof anSmsPlatform>>
let clock = new Date('2026-11-22T02:00:00Z')
const visitors: Visitor[] = []

beforeAll(async () => {
  platform = await anSmsPlatform()
  const env = { SMS_WEBHOOK_URL: platform.url, SMS_WEBHOOK_SECRET: 'a-secret-of-the-tests' }
  hotline = await aHotline({ env, now: () => clock })
})
afterAll(async () => {
  for (const one of visitors) one.close()
  await hotline.close()
  platform.close()
})

/** Asks in vain, and leaves a number to be rung on when there is one. */
async function anAsker(words: string, phone?: string): Promise<Visitor> {
  const visitor = await aVisitor(hotline.url)
  visitors.push(visitor)
  await visitor.say(words)
  await visitor.hears(wording.unknown)
  if (phone) await visitor.must('callback:book', { phone })
  return visitor
}

async function answerIt(words = '直升机转运谁来派'): Promise<void> {
  const editor = await signedIn(hotline.url, await hotline.aMember('editor'))
  const reviewer = await signedIn(hotline.url, await hotline.aMember('reviewer'))
  const { body } = await editor.get('/api/gaps')
  const [gap] = (body as { gaps: { id: string; state: string }[] }).gaps.filter(({ state }) => state === 'open')
  const made = await editor.post(`/api/gaps/${gap?.id}/draft`, {
    wording: aWording({ question: words, similar: [], answer, spoken: answer }),
  })
  const { id } = made.body.revision as { id: string }
  for (const [who, move] of [
    [editor, 'submit'],
    [reviewer, 'approve'],
    [editor, 'publish'],
  ] as const)
    expect((await who.post(`/api/revisions/${id}/${move}`)).status).toBe(200)
}

describe('the answer to a question of long ago', () => {
  it('goes to whoever left a number and is on no line, to whoever is on one there, and to nobody twice', async () => {
    const gone = await anAsker(question, '13912345678')
    await gone.must('conversation:end', {})
    await anAsker(question, '055761234567').then((one) => one.must('conversation:end', {})) // a landline
    await anAsker(question).then((one) => one.must('conversation:end', {})) // no number
    await anAsker(question, '13912345677').then((one) => one.must('conversation:end', {}))
    // Missed, that is, who left no number of their own.
    await hotline.database.pool.query(`update callback set origin = 'missed' where phone_masked = '139****5677'`)
    clock = new Date(clock.getTime() + 30 * hourMs)
    const staying = await anAsker(question, '13912345679')
    expect(await hotline.gapNews.gather()).toBe(5)
    await answerIt()
    await hotline.gapNews.tellOpenLines()
    await staying.hears(answer)
    // Whom no letter can reach is not among those to be written to, or they would fill the list for ever.
    const [ages, lately] = [new Date(0), new Date(clock.getTime() - 25 * hourMs)]
    const mobiles = (await gapLettersStore(hotline.db).waiting(ages, lately, 200)).length
    expect(mobiles).toBeLessThanOrEqual(1)

    // The hotline's own round may be before it, and then there is nothing left to write.
    await hotline.gapNews.writeToAskers()
    expect(await hotline.gapNews.writeToAskers()).toBe(0)
    await hotline.jobs.tick()
    const sent = () => platform.got.map(({ body }) => [body.to, body.text])
    await expect.poll(sent).toEqual([['13912345678', wording.gapLetter(question, answer)]])

    const back = await aVisitor(hotline.url, { token: gone.token })
    visitors.push(back)
    await back.say('你好')
    await back.hears(/./)
    expect(back.turns.map(({ text }) => text).join('\n')).not.toContain(answer)
    expect(staying.turns.filter(({ text }) => text.includes(answer))).toHaveLength(1)
  })

  it('that did not arrive told nobody: they hear it when they come back', async () => {
    platform.answer(400)
    const other = '救护车的费用由谁承担'
    const gone = await anAsker(other, '13912345670')
    await gone.must('conversation:end', {})
    clock = new Date(clock.getTime() + 42 * hourMs)
    expect(await hotline.gapNews.gather()).toBe(1)
    await answerIt('救护车费用谁出')
    await hotline.gapNews.tellOpenLines()
    await hotline.gapNews.writeToAskers() // or the hotline's own round did
    await hotline.jobs.tick()
    await expect.poll(() => platform.got.at(-1)?.body.to).toBe('13912345670')
    expect(await hotline.gapNews.writeToAskers()).toBe(0)

    const back = await aVisitor(hotline.url, { token: gone.token })
    visitors.push(back)
    await back.say('你好')
    await back.hears(answer)
  })
})

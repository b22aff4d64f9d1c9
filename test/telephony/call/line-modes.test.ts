/** Who picks up: people first in office hours, the bot when none is free, and a callback at night. */
import { afterAll, afterEach, beforeAll, expect, it } from 'vitest'
import { aHotline, type TestHotline } from '../../support/hotline.ts'
import { aCaller, aPhone, phoneToken, voiceHertz, type TestPhone } from '../../support/phone-peers.ts'
import { anAgent, until } from '../../support/socket-clients.ts'

const monday = () => new Date('2026-11-23T10:00:00+08:00')
const night = () => new Date('2026-11-23T23:00:00+08:00')
const closing: (() => unknown)[] = []
let hotlines: Record<'overflow' | 'person-first', TestHotline>

beforeAll(async () => {
  const [personFirst, overflow] = await Promise.all(
    ['person-first', 'overflow'].map((mode) =>
      aHotline({ env: { PHONE_TOKEN: phoneToken, LINE_MODE: mode, QUEUE_MODE: 'claim' } }),
    ),
  )
  if (!personFirst || !overflow) throw new Error('no hotline')
  hotlines = { 'person-first': personFirst, overflow }
})
afterEach(async () => {
  for (const close of closing.splice(0).reverse()) await close()
})
afterAll(() => Promise.all(Object.values(hotlines).map((one) => one.close())))

async function ringing(hotline: TestHotline, now: () => Date, number: string) {
  const phone: TestPhone = await aPhone(hotline.url, { now })
  closing.push(() => phone.close())
  await until(() => phone.isLinked(), 'the link')
  const caller = await aCaller(number)
  closing.push(() => caller.close())
  phone.said.length = 0
  return { phone, call: await caller.ring(phone.uri) }
}
async function anAgentOnDuty(hotline: TestHotline) {
  const agent = await anAgent(hotline.url, await hotline.aMember('agent'))
  closing.push(async () => {
    await agent.must('presence:set', { state: 'offline' })
    agent.close()
  })
  await agent.must('presence:set', { state: 'online' })
  return agent
}

it('gives a caller to people at once where they come first, and says the place', async () => {
  const agent = await anAgentOnDuty(hotlines['person-first'])
  const { phone, call } = await ringing(hotlines['person-first'], monday, '13300133001')
  await until(() => agent.queue()?.waiting[0], 'the caller in the queue')
  await until(() => phone.said.some((words) => words.includes('您排在第')), 'the place')
  expect(phone.said.join('')).not.toContain('请按问题的拼音')
  call.hangUp()
  await until(() => phone.calls() === 0, 'the end')
})

it('has the bot pick up where nobody is free', async () => {
  const { phone, call } = await ringing(hotlines.overflow, monday, '13300133002')
  await until(() => call.hears(voiceHertz), 'the greeting')
  call.press('9', '3', '5', '9', '#')
  await until(() => phone.said.some((words) => words.includes('您问的是哪一个')), 'titles')
  call.hangUp()
  await until(() => phone.calls() === 0, 'the end')
})

it('books a callback for who wants a person at night, and goes on', async () => {
  await anAgentOnDuty(hotlines['person-first'])
  const { phone, call } = await ringing(hotlines['person-first'], night, '13300133003')
  await until(() => call.hears(voiceHertz), 'the greeting')
  call.press('0')
  await until(() => phone.said.some((words) => words.includes('已登记回电')), 'the booking')
  await until(() => phone.said.some((words) => words.includes('拨打')), 'whom')
  call.press('9', '3', '5', '9', '#')
  await until(() => phone.said.some((words) => words.includes('您问的是哪一个')), 'titles')
  call.hangUp()
  await until(() => phone.calls() === 0, 'the end')
})

/** A question that is spoken for the desk: in pieces over the socket, whole and sealed behind it. */
import { afterAll, beforeAll, expect, it } from 'vitest'
import { questionBytes, questionPartBytes } from '../../contract/phone-events.ts'
import { aHotline, type TestHotline } from '../support/hotline.ts'
import { signedIn } from '../support/http-client.ts'
import { aPhoneClient, type PhoneClient } from '../support/phone-client.ts'
import { phoneToken } from '../support/phone-peers.ts'

let hotline: TestHotline
let phone: PhoneClient
beforeAll(async () => {
  hotline = await aHotline({ env: { PHONE_TOKEN: phoneToken } })
  phone = await aPhoneClient(hotline.url, phoneToken)
})
afterAll(async () => {
  phone.close()
  await hotline.close()
})

const spoken = (bytes: number) => Uint8Array.from({ length: bytes }, (_, at) => (at * 7) % 251)

async function speak(conversationId: string, alaw: Uint8Array): Promise<void> {
  for (let from = 0; from < alaw.length; from += questionPartBytes)
    await phone.must('question:part', { conversationId, alaw: alaw.slice(from, from + questionPartBytes) })
}

it('is kept to the byte, up to a minute, and the line to the phone stays', async () => {
  const { conversationId } = await phone.ring('13700138001')
  const whole = spoken(questionBytes)
  await speak(conversationId, whole)
  const { callbackId } = await phone.must('question:leave', { conversationId })
  const agent = await signedIn(hotline.url, await hotline.aMember('agent'))
  const response = await fetch(`${hotline.url}/api/callbacks/${callbackId}/recording`, {
    method: 'POST',
    headers: { cookie: agent.cookie, 'x-csrf-token': agent.csrf, 'content-type': 'application/json' },
    body: JSON.stringify({ reason: '回电办理诉求' }),
  })
  const wav = new Uint8Array(await response.arrayBuffer())
  expect(Buffer.from(wav).indexOf(Buffer.from(whole))).toBeGreaterThan(0)
  expect(phone.socket.connected).toBe(true)
})

it('is refused beyond a minute, and where nothing was heard', async () => {
  const { conversationId } = await phone.ring('13700138002')
  expect(await phone.ask('question:leave', { conversationId })).toMatchObject({ code: 'invalid_input' })
  await speak(conversationId, spoken(questionBytes))
  expect(await phone.ask('question:part', { conversationId, alaw: spoken(1) })).toMatchObject({ code: 'invalid_input' })
})

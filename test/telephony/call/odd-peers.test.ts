/** Callers' exchanges with habits of their own: an INVITE that leaves the offer to us, a REFER in mid-call. */
import { afterAll, afterEach, beforeAll, expect, it } from 'vitest'
import { monotonicClock } from '../../../telephony/rtp/clock.ts'
import { mediaSession } from '../../../telephony/rtp/media-session.ts'
import { pacer } from '../../../telephony/rtp/pacer.ts'
import { portPool } from '../../../telephony/rtp/port-pool.ts'
import { makeAnswer, readSdp } from '../../../telephony/sip/sdp.ts'
import { aHotline, type TestHotline } from '../../support/hotline.ts'
import { aPhone, phoneToken, quietLog, voiceHertz, type TestPhone } from '../../support/phone-peers.ts'
import { until } from '../../support/socket-clients.ts'
import { shareOf } from '../rtp/tone.ts'
import { aPeer, aRequest, toTagOf } from '../sip/peers.ts'

let hotline: TestHotline
let phone: TestPhone
const closing: (() => unknown)[] = []
beforeAll(async () => {
  hotline = await aHotline({ env: { PHONE_TOKEN: phoneToken } })
  phone = await aPhone(hotline.url)
  await until(() => phone.isLinked(), 'the link')
})
afterEach(async () => {
  for (const close of closing.splice(0).reverse()) await close()
})
afterAll(async () => {
  await phone.close()
  await hotline.close()
})

let calls = 0
/** Rings without an SDP, takes our offer from the 200 and answers it in the ACK, in the second codec that we named. */
async function aLateCaller() {
  const peer = await aPeer()
  closing.push(() => peer.close())
  const frames: Uint8Array[] = []
  const media = await mediaSession({
    local: { address: '127.0.0.1', ports: portPool() },
    clock: monotonicClock,
    pacer: pacer(monotonicClock, () => undefined),
    log: quietLog,
    ears: {
      onFrame: (alaw, kind) => void (kind === 'heard' && frames.push(alaw)),
      onKey: () => undefined,
      onSilent: () => undefined,
    },
  })
  closing.push(() => media.close())
  const words = { to: phone.port, from: peer.port, callId: `late-${++calls}` }
  peer.send(aRequest(words), phone.port)
  const ok = await peer.next('SIP/2.0 200')
  const toTag = toTagOf(ok)
  const offer = readSdp(Buffer.from(ok.slice(ok.indexOf('\r\n\r\n') + 4)))
  if (offer.kind === 'unreadable' || !offer.audio) throw new Error('no offer in the 200')
  expect(offer.audio.codecs.map(({ name }) => name)).toEqual(['PCMA', 'PCMU'])
  const audio = { ...offer.audio, codecs: offer.audio.codecs.filter(({ name }) => name === 'PCMU') }
  const answer = makeAnswer({ ...offer, audio }, { host: '127.0.0.1', port: media.localPort, sessionId: 3, version: 1 })
  media.setRemote({ ...audio, direction: 'sendrecv' })

  const inDialog = (method: string, cseq: number, headers: readonly string[] = []) =>
    peer.send(aRequest({ ...words, method, toTag, cseq, headers }), phone.port)
  return {
    frames,
    media,
    confirm: (body = answer ?? '') => peer.send(aRequest({ ...words, method: 'ACK', toTag, body }), phone.port),
    inDialog,
    next: (start: string) => peer.next(start),
    async hangUp() {
      inDialog('BYE', 9)
      await peer.next('SIP/2.0 200')
      await until(() => phone.calls() === 0, 'the end')
    },
  }
}

it('serves a caller who leaves the offer to us: sound both ways once the ACK has answered it', async () => {
  const call = await aLateCaller()
  expect(call.frames).toEqual([])
  call.confirm()
  await until(() => call.frames.length >= 10 && shareOf(voiceHertz, call.frames.slice(-10)) > 0.8, 'the greeting')
  for (const key of ['9', '3', '5', '9', '#'] as const) call.media.press(key)
  await until(() => phone.said.some((words) => words.includes('您问的是哪一个')), 'titles')
  await call.hangUp()
  expect(phone.held()).toMatchObject({ calls: 0, beats: 0, ports: 0, dialogs: 0 })
})

it('ends a call whose ACK answers nothing to our offer', async () => {
  const call = await aLateCaller()
  call.confirm('')
  expect(await call.next('BYE')).toContain('BYE sip:caller@127.0.0.1')
  await until(() => phone.calls() === 0, 'the end')
  const { rows } = await hotline.database.pool.query('select 1 from call where ended_at is null')
  expect(rows).toEqual([])
})

it('declines to ring somebody else at a caller’s bidding, and the call goes on', async () => {
  const call = await aLateCaller()
  call.confirm()
  await until(() => call.frames.length > 5, 'the greeting')
  call.inDialog('REFER', 2, ['Refer-To: <sip:premium@192.0.2.1>'])
  expect(await call.next('SIP/2.0 603')).toContain('CSeq: 2 REFER')
  expect(phone.calls()).toBe(1)
  expect(phone.held().dialogs).toBe(1)
  const before = call.frames.length
  await until(() => call.frames.length > before + 5, 'the sound going on')
  await call.hangUp()
})

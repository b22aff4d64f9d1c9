/** A foreign desk phone: baresip registers by password, takes the call by itself and gives back what it hears. */
import { spawn } from 'node:child_process'
import { existsSync } from 'node:fs'
import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, describe, expect, it, vi } from 'vitest'
import { staff } from '../../../desk/staff.ts'
import { aHotline } from '../../support/hotline.ts'
import { aCaller, aPhone, phoneToken, voiceHertz } from '../../support/phone-peers.ts'
import { anAgent, until } from '../../support/socket-clients.ts'
import { aPeer } from '../sip/peers.ts'

const modules = '/usr/lib/baresip/modules'
const hasBaresip = existsSync('/usr/bin/baresip') && existsSync(join(modules, 'aubridge.so'))
if (!hasBaresip) console.log('not run: baresip as a desk phone, baresip-core is not installed')

const password = 'secret-of-8003'
const closing: (() => unknown)[] = []
afterEach(async () => {
  for (const close of closing.splice(0).reverse()) await close()
})

/** baresip cannot leave the choice to the kernel: asked for port 0, it has no transport. */
async function aFreePort(): Promise<number> {
  const peer = await aPeer()
  await peer.close()
  return peer.port
}

/** Its loudspeaker is led to its microphone, so whoever rings it hears themselves. */
async function baresip(registrarPort: number) {
  const folder = await mkdtemp(join(tmpdir(), 'budayang-baresip-'))
  closing.push(() => rm(folder, { recursive: true, force: true, maxRetries: 5 }))
  const config = [
    'poll_method epoll',
    `sip_listen 127.0.0.1:${await aFreePort()}`,
    'net_interface 127.0.0.1',
    'audio_player aubridge,loop',
    'audio_source aubridge,loop',
    'audio_alert aubridge,alert',
    'ausrc_srate 8000',
    'auplay_srate 8000',
    'ausrc_channels 1',
    'auplay_channels 1',
    `module_path ${modules}`,
    'module g711.so',
    'module aubridge.so',
    'module_tmp account.so',
    'module_app menu.so',
  ]
  const account = `<sip:8003@127.0.0.1:${registrarPort}>;auth_user=8003;auth_pass=${password};answermode=auto;regint=60`
  await writeFile(join(folder, 'config'), `${config.join('\n')}\n`)
  await writeFile(join(folder, 'accounts'), `${account}\n`)
  await writeFile(join(folder, 'contacts'), '')
  const process = spawn('/usr/bin/baresip', ['-f', folder], { stdio: ['pipe', 'pipe', 'pipe'] })
  let output = ''
  for (const stream of [process.stdout, process.stderr]) stream.on('data', (bytes) => (output += String(bytes)))
  const gone = new Promise<void>((resolve) => process.once('exit', () => resolve()))
  closing.push(async () => {
    process.kill()
    await gone
  })
  return { output: () => output }
}

describe.skipIf(!hasBaresip)('baresip as a desk phone', () => {
  it('registers by digest, answers by itself and hears the caller', async () => {
    const hotline = await aHotline({ env: { PHONE_TOKEN: phoneToken, QUEUE_MODE: 'claim' } })
    closing.push(() => hotline.close())
    const phone = await aPhone(hotline.url, { env: { SIP_USERS: `8003:${password}` } })
    closing.push(() => phone.close())
    const member = await hotline.aMember('agent')
    await staff(hotline.db).setExtension(member.staffId, '8003')
    const agent = await anAgent(hotline.url, member)
    closing.push(() => agent.close())
    await agent.must('presence:set', { state: 'online' })
    await until(() => phone.isLinked(), 'the link')

    const desk = await baresip(phone.port)
    await vi.waitFor(
      async () => expect(await agent.must('handset:look', {}), desk.output()).toMatchObject({ isRegistered: true }),
      { timeout: 10_000 },
    )
    const caller = await aCaller('13600138003')
    closing.push(() => caller.close())
    const call = await caller.ring(phone.uri)
    await until(() => call.hears(voiceHertz), 'the greeting')
    call.press('0')
    const { conversationId } = await until(() => agent.queue()?.waiting[0], 'somebody in the queue')
    await agent.must('conversation:claim', { conversationId })
    const states: string[] = []
    agent.socket.on('handset:told', ({ state }: { state: string }) => states.push(state))
    await agent.must('handset:ring', { conversationId })
    await until(() => states.includes('talking'), `an answer: ${desk.output()}`)

    void call.tone(1_000, 4_000)
    await until(() => call.hears(1_000), `the tone back from the desk phone: ${desk.output()}`)
    call.hangUp()
    await until(() => /terminated|closed/i.test(desk.output()), `goodbye to the desk phone: ${desk.output()}`)
    await until(() => phone.calls() === 0, 'the end')
  }, 60_000)
})

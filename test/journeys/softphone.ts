/**
 * baresip as a citizen's telephone: it rings, presses keys and keeps a recording of what it hears. Its loudspeaker is
 * led to its microphone, so whoever talks to it hears themselves. It takes orders by TCP and tells of every SIP message.
 */
import { spawn } from 'node:child_process'
import { existsSync, readdirSync, readFileSync } from 'node:fs'
import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { createConnection } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { encodeAlaw } from '../../telephony/rtp/g711.ts'
import { until } from '../support/socket-clients.ts'
import { shareOf } from '../telephony/rtp/tone.ts'
import { aPeer } from '../telephony/sip/peers.ts'

const modules = '/usr/lib/baresip/modules'
export const hasBaresip = existsSync('/usr/bin/baresip') && existsSync(join(modules, 'ctrl_tcp.so'))
const frameBytes = 160
const wavHeaderBytes = 44

/** baresip cannot leave the choice to the kernel: asked for port 0, it has no transport. */
async function aFreePort(): Promise<number> {
  const peer = await aPeer()
  await peer.close()
  return peer.port
}

export async function baresip(number: string) {
  const folder = await mkdtemp(join(tmpdir(), 'budayang-baresip-'))
  const orders = await aFreePort()
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
    `snd_path ${folder}`,
    `ctrl_tcp_listen 127.0.0.1:${orders}`,
    `module_path ${modules}`,
    'module g711.so',
    'module aubridge.so',
    'module sndfile.so',
    'module_tmp account.so',
    'module_app menu.so',
    'module_app ctrl_tcp.so',
  ]
  await writeFile(join(folder, 'config'), `${config.join('\n')}\n`)
  await writeFile(join(folder, 'accounts'), `<sip:${number}@127.0.0.1>;regint=0\n`)
  await writeFile(join(folder, 'contacts'), '')
  const softphone = spawn('/usr/bin/baresip', ['-s', '-f', folder], { stdio: ['pipe', 'pipe', 'pipe'] })
  let told = ''
  for (const stream of [softphone.stdout, softphone.stderr]) stream.on('data', (bytes) => (told += String(bytes)))
  const gone = new Promise<void>((resolve) => softphone.once('exit', () => resolve()))
  await until(() => told.includes('baresip is ready'), 'a softphone that is ready').catch((error: unknown) => {
    softphone.kill()
    throw error
  })
  const socket = createConnection(orders, '127.0.0.1')
  socket.on('data', (bytes) => (told += String(bytes)))
  await new Promise<void>((resolve, reject) => socket.once('connect', () => resolve()).once('error', reject))

  /** Orders are netstrings of JSON. */
  const command = (name: string, params: string) => {
    const order = JSON.stringify({ command: name, params })
    socket.write(`${Buffer.byteLength(order)}:${order},`)
  }
  function lastHeard(count: number): Uint8Array[] {
    const recording = readdirSync(folder).find((name) => name.endsWith('-dec.wav'))
    if (!recording) return []
    const bytes = readFileSync(join(folder, recording)).subarray(wavHeaderBytes)
    const whole = bytes.length - (bytes.length % (2 * frameBytes))
    const last = bytes.subarray(Math.max(0, whole - count * 2 * frameBytes), whole)
    const line = encodeAlaw(Int16Array.from({ length: last.length / 2 }, (_, i) => last.readInt16LE(i * 2)))
    return Array.from({ length: line.length / frameBytes }, (_, i) =>
      line.subarray(i * frameBytes, (i + 1) * frameBytes),
    )
  }
  return {
    dial: (uri: string) => command('dial', uri),
    told: () => told,
    callId: () => /^Call-ID: (\S+)/m.exec(told)?.[1] ?? '',
    /** Whether the last 200 ms are this tone. */
    hears(hertz: number) {
      const frames = lastHeard(10)
      return frames.length === 10 && shareOf(hertz, frames) > 0.8
    },
    /** One key after the other, as a finger does. */
    async press(...keys: string[]) {
      for (const key of keys) {
        command('sndcode', key)
        await pause(260)
      }
    },
    async close() {
      socket.destroy()
      softphone.kill()
      await gone
      await rm(folder, { recursive: true, force: true, maxRetries: 5 })
    },
  }
}

function pause(ms: number): Promise<void> {
  return new Promise((resolve) => setTimeout(resolve, ms))
}

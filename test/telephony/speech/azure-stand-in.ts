/**
 * A local server that speaks Azure's wire protocol, both services, so that the real client runs in the tests.
 *
 * It hears an utterance where the audio is loud and its end where it is quiet for 500 ms, and answers with the next
 * line of the script. What it was sent is kept for the tests to look at.
 */
import { createServer, type IncomingMessage } from 'node:http'
import type { AddressInfo } from 'node:net'
import type { Duplex } from 'node:stream'
import { WebSocketServer, type RawData, type WebSocket } from 'ws'

export type Script = {
  /** What each utterance turns out to have been; when it is used up, nothing was understood. */
  transcripts?: string[]
  confidence?: number
  /** What every synthesis gives. */
  speech?: Uint8Array
  /** Connections that are dropped after this many bytes of audio: first value for the first connection, and so on. */
  dropsAfterBytes?: number[]
  /** Upgrades are never answered: the host is there, the service is not. */
  isMute?: boolean
  /** So many synthesis requests are answered by closing the connection. */
  brokenSyntheses?: number
}

type Message = { headers: ReadonlyMap<string, string>; body: Buffer }

export const goodKey = 'a-key/with+signs='
export const badKey = 'a-wrong-key'

export async function azureStandIn(script: Script) {
  const seen = {
    upgrades: [] as string[],
    phrases: [] as string[],
    ssml: [] as string[],
    format: '',
    rate: 0,
    audioBytes: 0,
    /** What each utterance was said to have been. */
    heard: [] as string[],
  }
  const held = new Set<Duplex>()
  const transcripts = [...(script.transcripts ?? [])]
  const drops = [...(script.dropsAfterBytes ?? [])]
  let brokenLeft = script.brokenSyntheses ?? 0
  const sockets = new WebSocketServer({ noServer: true })
  const server = createServer((_, response) => response.writeHead(404).end())

  server.on('connection', (socket) => {
    held.add(socket)
    socket.once('close', () => held.delete(socket))
  })
  server.on('upgrade', (request: IncomingMessage, socket: Duplex, head: Buffer) => {
    const url = new URL(request.url ?? '', 'http://stand-in')
    seen.upgrades.push(`${url.pathname}${url.search}`)
    if (script.isMute) return
    if (request.headers['ocp-apim-subscription-key'] !== goodKey) {
      socket.end('HTTP/1.1 401 Unauthorized\r\nContent-Length: 0\r\n\r\n')
      return
    }
    sockets.handleUpgrade(request, socket, head, (peer) =>
      url.pathname.includes('/tts/') ? synthesis(peer) : recognition(peer),
    )
  })

  function recognition(peer: WebSocket): void {
    const dropAfter = drops.shift()
    let [request, bytes, loudFrom, loudTo, frames] = ['', 0, -1, 0, 0]
    const ms = () => (bytes / 2 / (seen.rate || 8_000)) * 1_000
    const say = (path: string, body: object) => peer.send(textMessage(path, request, body))

    function phrase(): void {
      const text = transcripts.shift()
      const span = { Offset: ticks(loudFrom), Duration: ticks(loudTo - loudFrom) }
      loudFrom = -1
      seen.heard.push(text ?? '')
      if (text === undefined) return say('speech.phrase', { RecognitionStatus: 'NoMatch', ...span })
      const best = { Confidence: script.confidence ?? 0.93, Lexical: text, ITN: text, MaskedITN: text, Display: text }
      say('speech.phrase', { Id: request, RecognitionStatus: 'Success', ...span, NBest: [best] })
    }

    function audio(body: Buffer): void {
      const isHeader = body.toString('latin1', 0, 4) === 'RIFF'
      if (isHeader) seen.rate = body.readUInt32LE(24)
      const samples = isHeader ? body.subarray(44) : body
      if (body.length === 0) {
        if (loudFrom >= 0) phrase()
        say('speech.endDetected', { Offset: ticks(ms()) })
        say('turn.end', {})
        return
      }
      bytes += samples.length
      seen.audioBytes += samples.length
      if (dropAfter !== undefined && bytes >= dropAfter) return peer.terminate()
      if (isLoud(samples)) {
        loudTo = ms()
        if (loudFrom < 0) {
          loudFrom = loudTo
          say('speech.startDetected', { Offset: ticks(loudFrom) })
        }
      }
      if (loudFrom < 0) return
      const coming = transcripts[0]
      if (coming && ++frames % 5 === 0)
        say('speech.hypothesis', {
          Text: coming.slice(0, 3),
          Offset: ticks(loudFrom),
          Duration: ticks(ms() - loudFrom),
        })
      if (ms() - loudTo > 500) phrase()
    }

    peer.on('message', (data, isBinary) => {
      const { headers, body } = parsed(data, isBinary)
      const path = headers.get('path')?.toLowerCase()
      if (path === 'speech.context') {
        request = headers.get('x-requestid') ?? ''
        seen.phrases = phrasesOf(body.toString())
        say('turn.start', { context: { serviceTag: 'stand-in' } })
      } else if (path === 'audio') audio(body)
    })
  }

  function synthesis(peer: WebSocket): void {
    peer.on('message', (data, isBinary) => {
      const { headers, body } = parsed(data, isBinary)
      const request = headers.get('x-requestid') ?? ''
      const path = headers.get('path')?.toLowerCase()
      if (path === 'synthesis.context') seen.format = /"outputFormat":"([^"]+)"/.exec(body.toString())?.[1] ?? ''
      if (path !== 'ssml') return
      seen.ssml.push(body.toString())
      if (brokenLeft-- > 0) return peer.terminate()
      peer.send(textMessage('turn.start', request, { context: { serviceTag: 'stand-in' } }))
      const audio = { type: 'inline', streamId: request }
      peer.send(textMessage('response', request, { context: { serviceTag: 'stand-in' }, audio }))
      const speech = Buffer.from(script.speech ?? new Uint8Array(8_000).fill(0xd5))
      for (let at = 0; at < speech.length; at += 3_200)
        peer.send(audioMessage(request, speech.subarray(at, at + 3_200)))
      peer.send(textMessage('turn.end', request, {}))
    })
  }

  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  return {
    host: `ws://127.0.0.1:${(server.address() as AddressInfo).port}`,
    seen,
    async close(): Promise<void> {
      for (const socket of held) socket.destroy()
      await new Promise((resolve) => server.close(resolve))
    },
  }
}

const ticks = (ms: number) => Math.round(ms * 10_000)

function isLoud(samples: Buffer): boolean {
  let squares = 0
  for (let at = 0; at + 1 < samples.length; at += 2) squares += samples.readInt16LE(at) ** 2
  return Math.sqrt(squares / (samples.length / 2)) > 300
}

function parsed(data: RawData, isBinary: boolean): Message {
  const bytes = Buffer.isBuffer(data) ? data : Buffer.concat(Array.isArray(data) ? data : [Buffer.from(data)])
  const headLength = isBinary ? bytes.readUInt16BE(0) : bytes.indexOf('\r\n\r\n')
  const head = isBinary ? bytes.subarray(2, 2 + headLength) : bytes.subarray(0, headLength)
  const lines = head.toString().split('\r\n')
  const headers = lines.map(
    (line) => [line.slice(0, line.indexOf(':')).toLowerCase(), line.slice(line.indexOf(':') + 1).trim()] as const,
  )
  return { headers: new Map(headers), body: bytes.subarray(isBinary ? 2 + headLength : headLength + 4) }
}

function textMessage(path: string, request: string, body: object): string {
  return `X-RequestId:${request}\r\nContent-Type:application/json; charset=utf-8\r\nPath:${path}\r\n\r\n${JSON.stringify(body)}`
}

function audioMessage(request: string, body: Buffer): Buffer {
  const head = Buffer.from(
    `X-RequestId:${request}\r\nContent-Type:audio/x-alaw\r\nX-StreamId:${request}\r\nPath:audio\r\n`,
  )
  const length = Buffer.alloc(2)
  length.writeUInt16BE(head.length)
  return Buffer.concat([length, head, body])
}

function phrasesOf(context: string): string[] {
  const { dgi } = JSON.parse(context) as { dgi?: { groups?: { items?: { text: string }[] }[] } }
  return (dgi?.groups ?? []).flatMap(({ items = [] }) => items.map(({ text }) => text))
}

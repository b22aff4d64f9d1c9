/** Whoever takes what leaves the house, on ports that the kernel gives: an SMS platform and a mail server, told what to answer. */
import { once } from 'node:events'
import { createServer as createHttp, type IncomingHttpHeaders } from 'node:http'
import { createServer as createTcp, type Socket } from 'node:net'

type Got = { headers: IncomingHttpHeaders; raw: Buffer; body: Record<string, unknown> }

/** Answers each request with the next of `answers`, the last one for ever; 'silence' keeps the line open without a word. */
export async function anSmsPlatform() {
  const got: Got[] = []
  let answers: (number | 'silence')[] = [200]
  const server = createHttp((req, res) => {
    const parts: Buffer[] = []
    req.on('data', (part: Buffer) => parts.push(part))
    req.on('end', () => {
      const raw = Buffer.concat(parts)
      got.push({ headers: req.headers, raw, body: JSON.parse(raw.toString()) as Record<string, unknown> })
      const answer = answers.length > 1 ? answers.shift() : answers[0]
      if (typeof answer !== 'number') return
      res.writeHead(answer, answer >= 300 && answer < 400 ? { location: '/elsewhere' } : {}).end('{}')
    })
  })
  const port = await listening(server)
  return {
    url: `http://127.0.0.1:${port}/send`,
    got,
    answer: (...next: (number | 'silence')[]) => (answers = next),
    close() {
      server.closeAllConnections()
      server.close()
    },
  }
}

type Letter = { from: string; to: string; data: string }

/** Speaks as much SMTP as it takes to be given a letter. `reply` overrules the answer to a command by its first word. */
export async function aMailServer() {
  const got: Letter[] = []
  const replies = new Map<string, string>()
  const sockets = new Set<Socket>()
  const server = createTcp((socket) => {
    sockets.add(socket)
    socket.on('error', () => undefined)
    const say = (line: string) => socket.write(`${line}\r\n`)
    const letter: Letter = { from: '', to: '', data: '' }
    let text = ''
    let isData = false
    say('220 mail.test ESMTP')
    socket.on('data', (some) => {
      text += some.toString()
      for (;;) {
        const end = isData ? text.indexOf('\r\n.\r\n') : text.indexOf('\r\n')
        if (end < 0) return
        const line = text.slice(0, end)
        text = text.slice(end + (isData ? 5 : 2))
        answer(line)
      }
    })
    function answer(line: string): void {
      if (isData) {
        isData = false
        const reply = replies.get('.') ?? '250 taken'
        if (reply.startsWith('250')) got.push({ ...letter, data: line })
        say(reply)
        return
      }
      const [word = ''] = line.toUpperCase().split(/[ :]/)
      if (word === 'MAIL') letter.from = line
      if (word === 'RCPT') letter.to = line
      const reply = replies.get(word) ?? { DATA: '354 go on', QUIT: '221 bye' }[word] ?? '250 mail.test'
      isData = word === 'DATA' && reply.startsWith('354')
      if (reply !== 'silence') say(reply)
      if (word === 'QUIT') socket.end()
    }
  })
  const port = await listening(server)
  return {
    url: `smtp://127.0.0.1:${port}`,
    got,
    /** @param word MAIL, RCPT, DATA, or "." for the end of the letter. */
    reply: (word: string, line: string) => void replies.set(word, line),
    close() {
      sockets.forEach((socket) => socket.destroy())
      server.close()
    },
  }
}

async function listening(server: ReturnType<typeof createHttp> | ReturnType<typeof createTcp>): Promise<number> {
  server.listen(0, '127.0.0.1')
  await once(server, 'listening')
  const address = server.address()
  if (typeof address !== 'object' || !address) throw new Error('no port')
  return address.port
}

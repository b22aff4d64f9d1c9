/** What the platform sends, over connections that stay open: under load the platform's side must cost less than ours. */
import { Agent, request } from 'node:http'
import { Agent as SecureAgent, request as secureRequest } from 'node:https'

export type Posting = ReturnType<typeof posting>

export function posting() {
  const agent = new Agent({ keepAlive: true })
  const secureAgent = new SecureAgent({ keepAlive: true })
  return {
    /** @throws where no answer comes within `withinMs`, or no connection. */
    post(url: string, body: string, withinMs: number): Promise<{ status: number; text: string }> {
      const headers = { 'content-type': 'text/xml', 'content-length': Buffer.byteLength(body) }
      const isSecure = url.startsWith('https:')
      const options = { method: 'POST', headers, agent: isSecure ? secureAgent : agent }
      return new Promise((resolve, reject) => {
        const asked = (isSecure ? secureRequest : request)(url, options, (response) => {
          const parts: Buffer[] = []
          response.on('data', (part: Buffer) => parts.push(part))
          response.on('error', reject)
          response.on('end', () => {
            clearTimeout(late)
            resolve({ status: response.statusCode ?? 0, text: Buffer.concat(parts).toString('utf8') })
          })
        })
        const late = setTimeout(() => asked.destroy(new Error(`no answer within ${withinMs} ms`)), withinMs)
        asked.on('error', (error) => {
          clearTimeout(late)
          reject(error)
        })
        asked.end(body)
      })
    },

    close(): void {
      agent.destroy()
      secureAgent.destroy()
    },
  }
}

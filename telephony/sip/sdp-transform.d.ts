/** The part of sdp-transform 3.0.0 that we call: the package ships no types. Numbers arrive as numbers, all else as text. */
declare module 'sdp-transform' {
  type Connection = { version: number | string; ip: number | string }
  export type MediaLines = {
    type?: string
    port?: number | string
    protocol?: string
    payloads?: number | string
    connection?: Connection
    direction?: string
    ptime?: number | string
    rtp: { payload: number | string; codec: string; rate?: number | string; encoding?: number | string }[]
    fmtp: { payload: number | string; config: string }[]
  }
  export type SessionLines = {
    version?: number | string
    origin?: { username: string; sessionId: number | string; sessionVersion: number | string; address: string }
    connection?: Connection
    direction?: string
    media: MediaLines[]
  }
  export function parse(text: string): SessionLines
}

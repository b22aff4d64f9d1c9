/** The body as it came over the wire, for the doors whose senders sign it; read before it is parsed. */
import type { IncomingMessage } from 'node:http'

const signedDoors = new Set(['/api/sms-replies', '/wechat/oa', '/wechat/kf', '/wechat/mini'])
const bodies = new WeakMap<IncomingMessage, Buffer>()

/** For express.json's `verify`. */
export function keepRawBody(req: IncomingMessage, _res: unknown, body: Buffer): void {
  const [path = ''] = (req.url ?? '').split('?', 1)
  if (signedDoors.has(path)) bodies.set(req, body)
}

export const rawBody = (req: IncomingMessage): Buffer | undefined => bodies.get(req)

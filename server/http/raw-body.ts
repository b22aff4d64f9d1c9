/** The body as it came over the wire, for the one door whose sender signs it; read before it is parsed. */
import type { IncomingMessage } from 'node:http'

const signedDoors = new Set(['/api/sms-replies'])
const bodies = new WeakMap<IncomingMessage, Buffer>()

/** For express.json's `verify`. */
export function keepRawBody(req: IncomingMessage, _res: unknown, body: Buffer): void {
  if (req.url && signedDoors.has(req.url)) bodies.set(req, body)
}

export const rawBody = (req: IncomingMessage): Buffer | undefined => bodies.get(req)

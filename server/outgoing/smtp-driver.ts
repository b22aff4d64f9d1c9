/**
 * E-mail by the bureau's mail server. The message id is made from the key, so that a second copy of one message shows as
 * one; of what the server says only its code is kept, because its words quote addresses.
 */
import { createHash } from 'node:crypto'
import { createTransport } from 'nodemailer'
import { z } from 'zod'
import type { Outcome } from '../../desk/outbox-rules.ts'
import { deliverWithinMs, type Driver, type Letter } from './driver.ts'

/** A server that answers every line in time may still take for ever. */
const wholeWithinMs = 3 * deliverWithinMs
const unnamed = '（无主题）'

/** @param url smtp://user:password@host:port, or smtps:// */
export function smtpDriver({
  url,
  from,
  withinMs = deliverWithinMs,
}: {
  url: string
  from: string
  withinMs?: number
}): Driver {
  const transport = createTransport({
    url,
    connectionTimeout: withinMs,
    greetingTimeout: withinMs,
    socketTimeout: withinMs,
    dnsTimeout: withinMs,
    disableFileAccess: true,
    disableUrlAccess: true,
  })

  async function deliver({ key, to, subject = unnamed, text }: Letter): Promise<Outcome> {
    const name = createHash('sha256').update(key).digest('hex').slice(0, 32)
    const sent = transport
      .sendMail({ from, to: { name: '', address: to }, subject, text, messageId: `<${name}@budayang>` })
      .then((): Outcome => ({ kind: 'delivered' }))
      .catch(outcomeOf)
    let timer: NodeJS.Timeout | undefined
    const late = new Promise<Outcome>((resolve) => {
      const why = `no end within ${wholeWithinMs} ms`
      timer = setTimeout(() => resolve({ kind: 'unknown', why }), wholeWithinMs).unref()
    })
    return Promise.race([sent, late]).finally(() => clearTimeout(timer))
  }

  return { name: 'smtp', deliver, close: () => transport.close() }
}

const failure = z.object({
  code: z.string().default('error'),
  responseCode: z.number().optional(),
  permanent: z.boolean().optional(),
})

function outcomeOf(error: unknown): Outcome {
  const { code, responseCode, permanent } = failure.safeParse(error).data ?? { code: 'error' }
  const why = [code, responseCode].filter((part) => part !== undefined).join(' ')
  if (code === 'ETIMEDOUT') return { kind: 'unknown', why }
  // A password that is wrong today is put right tomorrow; a letter nobody takes stays one.
  return { kind: permanent && code !== 'EAUTH' ? 'refused' : 'failed', why }
}

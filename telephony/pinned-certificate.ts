/**
 * Trust for one certificate alone: the server's own, whatever name it bears and whoever signed it. The phone on the
 * server's machine reaches it as 127.0.0.1, which no certificate for citizens names.
 *
 * Invariant: any other certificate is refused, also one that a public authority has signed; nothing else of the
 * process trusts anything more than before.
 */
import { X509Certificate } from 'node:crypto'
import { Agent } from 'node:https'
import type { PeerCertificate } from 'node:tls'

/**
 * @param pem the certificate as TLS_CERT_FILE holds it; of a chain the first one counts.
 * @throws when it is no certificate
 */
export function pinnedTo(pem: string): Agent {
  const { fingerprint256 } = new X509Certificate(pem)
  const trust = {
    ca: pem,
    // A certificate that an authority signed is an end of trust by itself here, without the authority.
    allowPartialTrustChain: true,
    checkServerIdentity: (_host: string, seen: PeerCertificate) =>
      seen.fingerprint256 === fingerprint256 ? undefined : new Error('not the certificate of our server'),
  }
  return new Agent(trust)
}

/** A self-signed pair, as `npm run tls:dev` makes it, for a name that this machine does not have. */
import { execFileSync } from 'node:child_process'
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'

export function aCertificate(name = 'hotline.example') {
  const folder = mkdtempSync(join(tmpdir(), 'budayang-tls-'))
  const [key, certificate] = [join(folder, 'key.pem'), join(folder, 'cert.pem')]
  execFileSync(
    'openssl',
    [
      ...['req', '-x509', '-newkey', 'ec', '-pkeyopt', 'ec_paramgen_curve:prime256v1', '-nodes', '-days', '2'],
      ...['-subj', `/CN=${name}`, '-addext', `subjectAltName=DNS:${name}`, '-keyout', key, '-out', certificate],
    ],
    { stdio: 'ignore' },
  )
  return { key, certificate, remove: () => rmSync(folder, { recursive: true, force: true }) }
}

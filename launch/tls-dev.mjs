// @ts-check
/**
 * `npm run tls:dev`: a self-signed pair for trying the microphone from another machine, where browsers want HTTPS.
 * Made by openssl, kept in DATA_DIR/tls, never overwritten. Not for citizens: their browsers would warn them.
 */
import { spawnSync } from 'node:child_process'
import { chmodSync, existsSync, mkdirSync } from 'node:fs'
import { hostname, networkInterfaces } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { isOnPath } from './apt.mjs'
import { dataFolderPath, openDataFolder } from './data-folder.mjs'
import { LaunchProblem } from './launch-problem.mjs'
import { readDotEnv } from './settings.mjs'

const validDays = 365

try {
  const root = fileURLToPath(new URL('..', import.meta.url))
  readDotEnv(root)
  const uid = process.getuid?.() ?? -1
  const dataDir = dataFolderPath({ root, env: process.env, uid })
  openDataFolder(dataDir, uid)
  const { certificate, key } = makePair(join(dataDir, 'tls'))
  console.log(`证书和私钥在 ${join(dataDir, 'tls')}，请在 .env 中写入：`)
  console.log(`TLS_CERT_FILE=${certificate}`)
  console.log(`TLS_KEY_FILE=${key}`)
} catch (error) {
  console.error(error instanceof LaunchProblem ? error.message : error)
  process.exitCode = 1
}

/** @param {string} folder */
function makePair(folder) {
  const certificate = join(folder, 'cert.pem')
  const key = join(folder, 'key.pem')
  if (existsSync(certificate) && existsSync(key)) return { certificate, key }
  if (!isOnPath('openssl'))
    throw new LaunchProblem('openssl-missing', '没有找到 openssl，请先安装它（apt-get install openssl）')
  mkdirSync(folder, { recursive: true, mode: 0o700 })
  const names = ['DNS:localhost', `DNS:${hostname()}`, ...addresses().map((address) => `IP:${address}`)]
  const made = spawnSync(
    'openssl',
    [
      ...['req', '-x509', '-newkey', 'ec', '-pkeyopt', 'ec_paramgen_curve:prime256v1', '-nodes'],
      ...['-days', String(validDays), '-subj', '/CN=budayang', '-addext', `subjectAltName=${names.join(',')}`],
      ...['-keyout', key, '-out', certificate],
    ],
    { encoding: 'utf8' },
  )
  if (made.status !== 0)
    throw new LaunchProblem('openssl-failed', `openssl 没有生成证书：${made.stderr.trim().split('\n').at(-1)}`)
  chmodSync(key, 0o600)
  return { certificate, key }
}

/** Every address this machine answers at, loopback included. */
function addresses() {
  return Object.values(networkInterfaces())
    .flatMap((entries) => entries ?? [])
    .map(({ address }) => address)
}

/** The phone's line to a server that speaks TLS with a certificate of its own making. */
import { afterAll, beforeAll, expect, it } from 'vitest'
import { phoneEnv } from '../../launch/phone-env.mjs'
import type { Log } from '../../telephony/log.ts'
import { aCertificate } from '../support/certificate.ts'
import { aHotline, type TestHotline } from '../support/hotline.ts'
import { aPhone, phoneToken, quietLog } from '../support/phone-peers.ts'
import { until } from '../support/socket-clients.ts'

const own = aCertificate()
const other = aCertificate()
let hotline: TestHotline
let url: string

beforeAll(async () => {
  const env = { PHONE_TOKEN: phoneToken, TLS_CERT_FILE: own.certificate, TLS_KEY_FILE: own.key }
  hotline = await aHotline({ env })
  url = `https://127.0.0.1:${hotline.port}`
})
afterAll(async () => {
  await hotline.close()
  own.remove()
  other.remove()
})

it('comes up where the phone was given that very certificate, whatever name it bears', async () => {
  const phone = await aPhone(url, { env: { HOTLINE_CERT_FILE: own.certificate } })
  await until(() => phone.isLinked(), 'the link')
  await phone.close()
})

it.each([
  ['another certificate of the same name', { HOTLINE_CERT_FILE: other.certificate }],
  ['none', {}],
])('does not come up where the phone was given %s', async (_which, env) => {
  const reasons: unknown[] = []
  const log: Log = { ...quietLog, warn: (facts, message) => void reasons.push(message, facts) }
  const phone = await aPhone(url, { env, log })
  await until(() => reasons.includes('the server cannot be reached'), 'the refusal')
  expect(phone.isLinked()).toBe(false)
  await phone.close()
})

it('leaves every other connection of the process as it was', async () => {
  await expect(fetch(`${url}/healthz`)).rejects.toThrow()
  expect(process.env.NODE_TLS_REJECT_UNAUTHORIZED).toBeUndefined()
})

it('is told of by the launcher: the server’s own certificate, to a server on this machine alone', () => {
  const tls = { TLS_CERT_FILE: '/tls/cert.pem', PORT: '8443' }
  expect(phoneEnv(tls)).toEqual({
    ...tls,
    HOTLINE_URL: 'https://127.0.0.1:8443',
    HOTLINE_CERT_FILE: '/tls/cert.pem',
  })
  expect(phoneEnv({})).toMatchObject({ HOTLINE_URL: 'http://127.0.0.1:8080', HOTLINE_CERT_FILE: undefined })
  const elsewhere = { ...tls, HOTLINE_URL: 'https://hotline.example' }
  expect(phoneEnv(elsewhere)).toEqual(elsewhere)
})

/** Somebody for every door. The three offices are never one person's, so it takes three; and another system, by its key. */
import { roles, type Role } from '../../contract/staff.ts'
import type { HttpDoor } from '../../server/door.ts'
import { httpPolicy, type HttpDoorName } from '../../server/policy.ts'
import { ask, signedIn, type HttpClient } from './http-client.ts'
import type { TestHotline } from './hotline.ts'

/** Every role that goes with being a system administrator. */
export const workingRoles = roles.filter((role) => role !== 'security' && role !== 'auditor')

export type Everybody = Awaited<ReturnType<typeof everybody>>

export async function everybody(hotline: TestHotline) {
  const member = await hotline.aMember(...workingRoles)
  const clients = new Map<Role, HttpClient>()
  const worker = await signedIn(hotline.url, member)
  for (const role of workingRoles) clients.set(role, worker)
  for (const office of ['security', 'auditor'] as const)
    clients.set(office, await signedIn(hotline.url, await hotline.aMember(office)))

  const keyName = { name: '12345 平台', scopes: ['orders'], days: 1 }
  const { key } = (await worker.post('/api/keys', keyName)).body
  const headers = { authorization: `Bearer ${String(key)}` }
  const system: HttpClient = {
    ...{ cookie: '', csrf: '' },
    send: (method, path, body) => ask(hotline.url, method, path, body, headers),
    get: (path) => ask(hotline.url, 'GET', path, undefined, headers),
    post: (path, body = {}) => ask(hotline.url, 'POST', path, body, headers),
    delete: (path) => ask(hotline.url, 'DELETE', path, undefined, headers),
  }

  return {
    member,
    worker,
    /** Whoever may open this door; the one with most roles where several may. */
    clientFor(name: HttpDoorName): HttpClient {
      const { who }: HttpDoor = httpPolicy[name]
      if (who === 'key') return system
      const role =
        typeof who === 'string' ? 'agent' : ([...workingRoles, ...roles].find((one) => who.includes(one)) ?? 'agent')
      return clients.get(role) ?? worker
    },
  }
}

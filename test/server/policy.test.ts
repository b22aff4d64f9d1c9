/** Every door has a lock: the table, the running router and the running sockets say the same, for every role. */
import { io } from 'socket.io-client'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { agentAsks } from '../../contract/agent-events.ts'
import { roles, type Role } from '../../contract/staff.ts'
import { visitorAsks } from '../../contract/visitor-events.ts'
import type { HttpDoor } from '../../server/door.ts'
import { httpPolicy, type HttpDoorName } from '../../server/policy.ts'
import { agentPolicy, audioPolicy, visitorPolicy } from '../../server/socket-policy.ts'
import { aHotline, type TestHotline } from '../support/hotline.ts'
import { ask, signedIn, type Answer, type HttpClient } from '../support/http-client.ts'
import { aPass, anAgent, aVisitor } from '../support/socket-clients.ts'
import { apiKeysDoors } from './api-keys-doors.ts'
import { attachmentsDoors } from './attachments-doors.ts'
import { casesDoors } from './cases-doors.ts'
import { deskToolsDoors } from './desk-doors.ts'
import { editorsDoors } from './editors-doors.ts'
import { outboxDoors } from './outbox-doors.ts'
import { figuresDoors } from './figures-doors.ts'
import { queueDoors } from './queue-doors.ts'
import { securityDoors } from './security-doors.ts'
import { addressOf } from './sound-asks.ts'
import { watchingDoors } from './watching-doors.ts'

let hotline: TestHotline
const members = new Map<Role, { name: string; password: string }>()
const clients = new Map<Role, HttpClient>()
let key = ''

beforeAll(async () => {
  hotline = await aHotline()
  for (const role of roles) {
    const member = await hotline.aMember(role)
    members.set(role, member)
    clients.set(role, await signedIn(hotline.url, member))
  }
  const made = { name: '12345 平台', scopes: ['orders'], days: 1 }
  key = String((await clientOf('administrator').post('/api/keys', made)).body['key'])
})
afterAll(() => hotline.close())

const doors: [HttpDoorName, HttpDoor][] = Object.entries(httpPolicy).map(([name, door]) => [name as HttpDoorName, door])
const staffDoors = doors.filter(([, door]) => typeof door.who !== 'string')
const isWrite = (name: string) => !name.startsWith('GET ')
/** Signing out ends the session that the other doors are tried with. */
const keepsSession = (name: HttpDoorName) => name !== 'DELETE /api/session'

const clientOf = (role: Role) => clients.get(role) ?? expect.unreachable(`nobody is ${role}`)
const all = ['agent', 'administrator', 'editor', 'officer', 'supervisor', 'security', 'auditor'] as const
const whoMay = ({ who }: HttpDoor): Role =>
  all.find((role) => typeof who !== 'string' && who.includes(role)) ?? expect.unreachable('a door for none of these')
const memberOf = (role: Role) => members.get(role) ?? expect.unreachable(`nobody is ${role}`)

describe('the table', () => {
  it('has a line for every route of the running router, and a route for every line', () => {
    const routes = hotline.app.router.stack.flatMap(({ route }) =>
      route ? route.stack.map(({ method }) => `${method.toUpperCase()} ${route.path}`) : [],
    )
    expect(routes.sort()).toEqual(doors.map(([name]) => name).sort())
  })

  it('has a line for every event that the running sockets listen to', async () => {
    const [visitor, agent] = [await aVisitor(hotline.url), await anAgent(hotline.url, memberOf('agent'))]
    const heard = (space: string) => {
      const [socket] = hotline.io.of(space).sockets.values()
      return socket
        ?.eventNames()
        .filter((event) => event !== 'error' && event !== 'disconnect' && event !== 'disconnecting')
    }
    expect(heard('/visitor')?.sort()).toEqual(Object.keys(visitorPolicy).sort())
    expect(heard('/agent')?.sort()).toEqual([...Object.keys(agentPolicy), ...audioPolicy['/agent']].sort())
    expect(Object.keys(visitorPolicy).sort()).toEqual(Object.keys(visitorAsks).sort())
    expect(Object.keys(agentPolicy).sort()).toEqual(Object.keys(agentAsks).sort())
    visitor.close()
    agent.close()
  })

  it('lets nobody write without a name, but those who ask and those who sign in', () => {
    const open = doors.filter(([name, { who }]) => isWrite(name) && who === 'anyone').map(([name]) => name)
    expect(open).toEqual([
      'POST /api/ask',
      'POST /api/visitors',
      'POST /api/session',
      'POST /api/setup',
      // Signed by whoever sends: the SMS platform here, WeChat below.
      'POST /api/sms-replies',
      'POST /rate/:token',
      // By the visitor's own pass.
      'POST /api/visitors/records',
      'POST /api/visitors/erasure',
      'POST /api/visitors/attachments',
      'POST /api/visitors/attachments/:id',
      'POST /wechat/oa',
      'POST /wechat/kf',
      'POST /wechat/mini',
      // By the visitor's own pass, as above.
      'POST /api/visitors/wechat',
    ])
  })
})

const working = ['agent', 'supervisor', 'editor', 'reviewer', 'officer', 'administrator'] as const
/** The bureau's own rule, written a second time on purpose: a slip in the table must not move both. */
const whoMeans = {
  'POST /api/staff': ['administrator'],
  'GET /api/staff': ['administrator', 'security', 'supervisor'],
  'GET /api/search': working,
  'GET /api/entries': working,
  'GET /api/entries/:id': working,
  'POST /api/staff/:id/extension': ['administrator'],
  'POST /api/entries': ['editor'],
  'POST /api/entries/:id/revisions': ['editor'],
  'POST /api/revisions/:id/:move': ['editor', 'reviewer'],
  'GET /api/callbacks': ['agent', 'supervisor'],
  'GET /api/callbacks/:id': ['agent', 'supervisor'],
  'POST /api/callbacks/:id/claim': ['agent', 'supervisor'],
  'POST /api/callbacks/:id/release': ['agent', 'supervisor'],
  'POST /api/callbacks/:id/again': ['agent', 'supervisor'],
  'POST /api/callbacks/:id/phone': ['agent', 'supervisor'],
  'POST /api/callbacks/:id/recording': ['agent', 'supervisor'],
  'POST /api/callbacks/:id/done': ['agent', 'supervisor'],
  'POST /api/conversations/:id/tellings': ['agent', 'supervisor'],
  'POST /api/conversations/:id/rating-link': ['agent', 'supervisor'],
  'GET /api/conversations/:id/wechat': ['agent', 'supervisor'],
  'POST /api/conversations/:id/wechat/notice': ['agent', 'supervisor'],
  'POST /api/conversations/:id/wechat/invitation': ['agent', 'supervisor'],
  'GET /api/wechat': ['administrator', 'supervisor'],
  'GET /api/wechat/roads': ['administrator', 'supervisor'],
  'GET /api/wechat/stuck': ['administrator', 'supervisor'],
  'POST /api/wechat/stuck/:id/again': ['administrator', 'supervisor'],
  'POST /api/wechat/menu': ['administrator'],
  'POST /api/wechat/codes': ['administrator', 'supervisor', 'editor'],
  'GET /api/figures/calls': ['supervisor', 'administrator'],
  'GET /api/conversations/:id': ['agent', 'supervisor', 'officer', 'administrator'],
  'GET /api/conversations/:id/earlier': ['agent', 'supervisor', 'officer', 'administrator'],
  'GET /api/conversations/:id/summaries': ['agent', 'supervisor', 'officer', 'administrator'],
  'GET /api/cases': ['officer', 'supervisor', 'administrator'],
  'GET /api/cases/:id': ['officer', 'supervisor', 'administrator'],
  'POST /api/cases/:id/contact': ['officer', 'supervisor', 'administrator'],
  'POST /api/cases/:id/moves': ['officer', 'supervisor', 'administrator'],
  ...editorsDoors,
  ...outboxDoors,
  ...casesDoors,
  ...figuresDoors,
  ...queueDoors,
  ...deskToolsDoors,
  ...securityDoors,
  ...attachmentsDoors,
  ...watchingDoors,
  ...apiKeysDoors,
} as const

it('keeps every door that is not for all staff to those whom the bureau means', () => {
  const narrow = staffDoors.filter(([, { who }]) => who.length < roles.length)
  const sorted = (list: readonly (readonly [string, HttpDoor['who']])[]) =>
    Object.fromEntries(list.map(([name, who]) => [name, [...who].sort()]))
  expect(sorted(narrow.map(([name, { who }]) => [name, who]))).toEqual(sorted(Object.entries(whoMeans)))
})

const strangers: Record<string, string>[] = [
  {},
  { cookie: 'budayang=' },
  { cookie: `budayang=${'x'.repeat(43)}` },
  { cookie: 'budayang=\u00e9;;=' },
]
/** What somebody is told at a door, where it is not what the table says: one line each, so that a failure names who and how. */
async function toldWrong(who: string, asked: Promise<Answer>, right: (answer: Answer) => boolean): Promise<string[]> {
  const answer = await asked
  return right(answer) ? [] : [`${who}: ${answer.status} ${JSON.stringify(answer.body).slice(0, 200)}`]
}
const isRefused = (status: number, code: string) => (answer: Answer) =>
  answer.status === status && answer.body['code'] === code
/** Past the lock: what is asked for may be wrong, or not be there. */
const isLetIn = ({ status }: Answer) => status !== 401 && status !== 403 && status < 500

describe('a door for members of staff', () => {
  it.each(staffDoors)('%s opens to whoever the table names, and to nobody else', async (name, { who }) => {
    const { method, path } = addressOf(name)
    const body = isWrite(name) ? {} : undefined
    const outside = [...strangers, { authorization: `Bearer ${key}` }].map((headers) =>
      toldWrong(
        JSON.stringify(headers),
        ask(hotline.url, method, path, body, headers),
        isRefused(401, 'not_signed_in'),
      ),
    )
    const allowed = typeof who === 'string' ? [] : roles.filter((role) => who.includes(role))
    // What is behind the door is fetched once; for the others a field that it does not take shows that they got so far.
    const asked = (role: Role, own: string) =>
      isWrite(name) || role === allowed[0] || !allowed.includes(role) ? own : `${own}?no-such-field=1`
    const inside = !keepsSession(name)
      ? []
      : roles.map((role) => {
          const { path: own } = addressOf(name, { move: role === 'reviewer' ? 'approve' : 'submit' })
          const right = allowed.includes(role) ? isLetIn : isRefused(403, 'not_allowed')
          return toldWrong(role, clientOf(role).send(method, asked(role, own), body), right)
        })
    expect((await Promise.all([...outside, ...inside])).flat()).toEqual([])
  })

  it.each(staffDoors.filter(([name]) => isWrite(name)))(
    '%s is not written to without the page’s token',
    async (name, door) => {
      const { cookie, csrf } = clientOf(whoMay(door))
      const { method, path } = addressOf(name)
      const tokens = [undefined, '', 'x', `${csrf}x`, csrf.slice(1), clientOf('reviewer').csrf]
      const answers = tokens.map((token) => {
        const headers = { cookie, ...(token !== undefined && { 'x-csrf-token': token }) }
        return toldWrong(String(token), ask(hotline.url, method, path, {}, headers), isRefused(403, 'csrf_refused'))
      })
      expect((await Promise.all(answers)).flat()).toEqual([])
    },
  )
})

describe('any door', () => {
  it.each(doors.filter(([name]) => isWrite(name)))('%s is not written to from another site', async (name, door) => {
    const { cookie, csrf } = clientOf(typeof door.who === 'string' ? 'agent' : whoMay(door))
    const { method, path } = addressOf(name)
    const foreign = [
      'https://evil.example',
      'null',
      `http://127.0.0.1:${hotline.port}.evil.example`,
      'http://127.0.0.1:1',
    ]
    const answers = foreign.map((origin) => {
      const headers = { cookie, 'x-csrf-token': csrf, origin, authorization: `Bearer ${key}` }
      return toldWrong(origin, ask(hotline.url, method, path, {}, headers), isRefused(403, 'origin_refused'))
    })
    expect((await Promise.all(answers)).flat()).toEqual([])
  })

  it.each(doors.filter(([, { who }]) => who === 'anyone' || who === 'loopback').map(([name]) => name))(
    '%s asks nobody to sign in',
    async (name) => {
      const { method, path } = addressOf(name)
      const { status } = await ask(hotline.url, method, path, isWrite(name) ? {} : undefined)
      expect([401, 403]).not.toContain(status)
    },
  )

  it.each(doors.filter(([, { who }]) => who === 'key').map(([name]) => name))(
    '%s opens to a key, and to nobody’s session',
    async (name) => {
      const { method, path } = addressOf(name)
      const body = isWrite(name) ? {} : undefined
      const refused = isRefused(401, 'not_signed_in')
      const outside = ['Bearer ', `Bearer ${key}x`, key, `Basic ${key}`, `Bearer bdy_${'x'.repeat(43)}`].map(
        (authorization) => toldWrong(authorization, ask(hotline.url, method, path, body, { authorization }), refused),
      )
      const sessions = roles.map((role) => toldWrong(role, clientOf(role).send(method, path, body), refused))
      const authorization = `Bearer ${key}`
      const inside = toldWrong('the key', ask(hotline.url, method, path, body, { authorization }), isLetIn)
      expect((await Promise.all([...outside, ...sessions, inside])).flat()).toEqual([])
    },
  )
})

it.each(roles)('lets a %s submit only as an editor, and approve only as a reviewer', async (role) => {
  for (const [move, needed] of [
    ['submit', 'editor'],
    ['approve', 'reviewer'],
  ] as const) {
    const { path } = addressOf('POST /api/revisions/:id/:move', { move })
    expect((await clientOf(role).post(path)).status).toBe(role === needed ? 404 : 403)
  }
})

it('takes a write from our own page', async () => {
  const answer = await ask(hotline.url, 'POST', '/api/visitors', {}, { origin: hotline.url })
  expect(answer.status).toBe(200)
})

it('lets a cookie read without the page’s token', async () => {
  const { cookie } = clientOf('agent')
  expect((await ask(hotline.url, 'GET', '/api/session', undefined, { cookie })).status).toBe(200)
  expect((await fetch(`${hotline.url}/api/session`, { method: 'HEAD', headers: { cookie } })).status).toBe(200)
})

describe('a socket', () => {
  const refusedAt = (
    space: string,
    given: { cookie?: string; origin?: string; token?: string; transport?: 'polling' },
  ) => {
    const { cookie, origin, token, transport = 'websocket' } = given
    const socket = io(`${hotline.url}${space}`, {
      transports: [transport],
      auth: { token },
      extraHeaders: { ...(cookie && { cookie }), ...(origin && { origin }) },
      reconnection: false,
      forceNew: true,
    })
    return new Promise<string>((resolve) => {
      socket.on('connect', () => resolve('connected'))
      socket.on('connect_error', (error) => resolve(error.message))
    }).finally(() => socket.disconnect())
  }

  it.each(roles)('of the desk is opened by agents and supervisors: %s', async (role) => {
    const { cookie } = clientOf(role)
    const isDesk = role === 'agent' || role === 'supervisor'
    expect(await refusedAt('/agent', { cookie })).toBe(isDesk ? 'connected' : 'not_allowed')
  })

  it('of the desk is opened by nobody who is not signed in', async () => {
    const token = await aPass(hotline.url)
    expect(await refusedAt('/agent', {})).toBe('not_signed_in')
    expect(await refusedAt('/agent', { token })).toBe('not_signed_in')
    expect(await refusedAt('/agent', { cookie: `budayang=${token}` })).toBe('not_signed_in')
  })

  it('of a citizen is opened by a pass, and by no cookie', async () => {
    expect(await refusedAt('/visitor', { token: await aPass(hotline.url) })).toBe('connected')
    expect(await refusedAt('/visitor', { cookie: clientOf('agent').cookie })).toBe('not_signed_in')
  })

  it.each(['https://evil.example', 'null', 'http://127.0.0.1:1'])('is refused to a page of %s', async (origin) => {
    const [token, { cookie }] = [await aPass(hotline.url), clientOf('agent')]
    expect(await refusedAt('/visitor', { token, origin })).toBe('websocket error')
    expect(await refusedAt('/visitor', { token, origin, transport: 'polling' })).toBe('xhr poll error')
    expect(await refusedAt('/agent', { cookie, origin })).toBe('websocket error')
  })

  it('is opened by our own page', async () => {
    expect(await refusedAt('/visitor', { token: await aPass(hotline.url), origin: hotline.url })).toBe('connected')
  })

  it('shows a citizen nothing of another one', async () => {
    const mine = await aVisitor(hotline.url)
    const { conversationId } = await mine.must('turn:say', { clientId: 'client-id-1', text: '这是我自己的事' })
    const other = await aVisitor(hotline.url, { token: await aPass(hotline.url), conversationId, lastSeq: 0 })
    expect(await other.ask('turns:since', { seq: 0 })).toMatchObject({ ok: false, code: 'not_found' })
    expect(other.turns).toEqual([])
    expect(other.standing()).toBeUndefined()
    mine.close()
    other.close()
  })
})

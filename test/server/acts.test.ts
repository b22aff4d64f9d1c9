/** Whatever a member of staff changes leaves one line in the audit log: a door that leaves none says why here, or fails. */
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { agentAsks, type AgentAsk } from '../../contract/agent-events.ts'
import type { HttpDoor } from '../../server/door.ts'
import { httpPolicy, type HttpDoorName } from '../../server/policy.ts'
import { aPassword } from '../support/hotline.ts'
import { rowCounts } from '../support/row-counts.ts'
import { ask, signedIn, type Answer } from '../support/http-client.ts'
import { aScene, type Scene } from './acts-scene.ts'
import { foreignAsks, foreignObjects } from './foreign-objects.ts'
import { httpActs, type Deed } from './http-acts.ts'
import { socketActs } from './socket-acts.ts'
import { addressOf, noOnesId, soundAgentAsks, soundBodies, soundQueries } from './sound-asks.ts'

let scene: Scene
beforeAll(async () => {
  scene = await aScene()
}, 60_000)
afterAll(() => scene.close())

const soundOf = (all: Readonly<Record<string, object>>, name: string): object | undefined => all[name]
const recorded = <T>(all: Readonly<Record<string, T | string>>) =>
  Object.entries(all).flatMap(([name, one]) => (typeof one === 'string' ? [] : [[name, one] as const]))

describe('a door of the staff', () => {
  it('that changes something has its case here, or says why it leaves no line', () => {
    const isOfStaff = ({ who }: HttpDoor) => typeof who !== 'string' || who === 'key'
    const writes = Object.entries(httpPolicy).filter(([name, door]) => !name.startsWith('GET ') && isOfStaff(door))
    expect(Object.keys(httpActs).sort()).toEqual(writes.map(([name]) => name).sort())
    expect(Object.keys(socketActs).sort()).toEqual(Object.keys(agentAsks).sort())
  })

  it.each(recorded(httpActs))('%s leaves one line', async (given, prepare) => {
    const name = given as HttpDoorName
    const { acts, ...deed } = await prepare(scene)
    const before = await scene.lastAct()
    const { status, body } = await knock(name, deed)
    expect(status, JSON.stringify(body)).toBe(200)
    expect(await scene.actsSince(before)).toEqual([acts].flat())
  })

  it.each(recorded(socketActs))('%s leaves one line', async (given, prepare) => {
    const name = given as AgentAsk
    const { acts, ask: own, by = scene.agent } = await prepare(scene)
    const before = await scene.lastAct()
    await by.must(name, { ...soundAgentAsks[name], ...own })
    expect(await scene.actsSince(before)).toEqual([acts])
  })
})

describe('signing in', () => {
  it('leaves one line, and so does a try that is refused', async () => {
    const { name } = scene.other
    const before = await scene.lastAct()
    await signedIn(scene.hotline.url, scene.other)
    await ask(scene.hotline.url, 'POST', '/api/session', { name, password: `${aPassword}x` })
    expect(await scene.actsSince(before)).toEqual(['session.begin', 'session.refused'])
  })

  it('by a link leaves a line for the password and one for the session', async () => {
    const body = await scene.done(scene.staff.worker, '/api/staff', { name: '凭链接登录', roles: ['agent'] })
    const before = await scene.lastAct()
    const { token } = body['link'] as { token: string }
    expect((await ask(scene.hotline.url, 'POST', '/api/setup', { token, password: 'Linden-Grove-7' })).status).toBe(200)
    expect(await scene.actsSince(before)).toEqual(['password.set', 'session.begin'])
  })
})

describe('what is done again', () => {
  it('a conversation that is in the same hands already is claimed without a line', async () => {
    const { id: conversationId } = await scene.held()
    const before = await scene.lastAct()
    await scene.agent.must('conversation:claim', { conversationId })
    expect(await scene.actsSince(before)).toEqual([])
  })

  it('a callback that is taken up, or put back, twice leaves a line for the first time', async () => {
    const id = await scene.aCallback({ isMine: true })
    const before = await scene.lastAct()
    await scene.done(scene.staff.worker, `/api/callbacks/${id}/claim`)
    for (const _ of [1, 2]) await scene.done(scene.staff.worker, `/api/callbacks/${id}/release`)
    expect(await scene.actsSince(before)).toEqual(['callback.release'])
  })
})

describe('what is another’s', () => {
  const isId = /[0-9a-f]{8}(-[0-9a-f]{4}){3}-|"token"/
  const names = (...given: unknown[]) => given.some((one) => isId.test(JSON.stringify(one ?? {})))

  it('has a row for every door and ask that names something by an id', () => {
    const doors = (Object.entries(httpPolicy) as [HttpDoorName, HttpDoor][]).filter(
      ([name, { params }]) => params || names(soundOf(soundBodies, name), soundOf(soundQueries, name)),
    )
    expect(Object.keys(foreignObjects).sort()).toEqual(doors.map(([name]) => name).sort())
    const asks = Object.entries(soundAgentAsks).filter(([, sound]) => names(sound))
    expect(Object.keys(foreignAsks).sort()).toEqual(asks.map(([name]) => name).sort())
  })

  it.each(recorded(foreignObjects))('%s neither shows nor changes', async (given, prepare) => {
    const name = given as HttpDoorName
    const { told, unknown = told, ...foreign } = await prepare(scene)
    const before = await rowCounts(scene.hotline.database.pool)
    const answer = await knock(name, foreign)
    expect(answer.body).toMatchObject({ code: told })
    const nobodys = await knock(name, withNoOnes(foreign))
    expect(nobodys.body).toMatchObject({ code: unknown })
    if (unknown === told) expect(nobodys).toEqual(answer)
    expect(await rowCounts(scene.hotline.database.pool)).toEqual(before)
  })

  it.each(recorded(foreignAsks))('%s neither shows nor changes', async (given, prepare) => {
    const name = given as AgentAsk
    const { ask: own, told, unknown = told } = await prepare(scene)
    const before = await rowCounts(scene.hotline.database.pool)
    const asked = { ...soundAgentAsks[name], ...own }
    expect(await scene.stranger.ask(name, asked)).toMatchObject({ ok: false, code: told })
    expect(await scene.stranger.ask(name, withNoOnes(asked))).toMatchObject({ ok: false, code: unknown })
    expect(await rowCounts(scene.hotline.database.pool)).toEqual(before)
  })

  it.each(Object.entries(httpPolicy).filter(([, door]) => 'params' in door))(
    '%s refuses an id of nobody’s',
    async (given) => {
      const name = given as HttpDoorName
      if (silent.includes(name)) return
      const { status } = await knock(name, {
        id: name.includes('/figures/') ? 'nothing' : noOnesId,
        file: uploads(name),
      })
      expect([400, 403, 404, 409]).toContain(status)
    },
  )

  it('is looked at on record: older words too, where the conversation was not opened', async () => {
    const { id: conversationId } = await scene.held()
    const before = await scene.lastAct()
    await scene.stranger.must('turns:before', { conversationId, beforeSeq: 3 })
    await scene.agent.must('turns:before', { conversationId, beforeSeq: 3 })
    expect(await scene.actsSince(before)).toEqual(['conversation.look'])
  })
})

/** Another’s mark of reading and nobody’s are alike: none is there to be marked. */
const silent: readonly string[] = ['POST /api/alerts/:id/seen', 'GET /api/conversations/:id/summaries']
const uploads = (name: string) =>
  /(attachments|evidence)$/.test(name) && name.startsWith('POST') ? Buffer.from('%PDF') : undefined

/** The same ask about what nobody has. */
function withNoOnes<T extends object>(asked: T): T {
  const isInside = (key: string) => key === 'body' || key === 'query'
  const isOurs = (key: string, value: unknown) =>
    typeof value === 'string' && /^(id|conversation|case|conversationId|callbackId|transferId)$/.test(key)
  const fields = Object.entries(asked).map(([key, value]: [string, unknown]): [string, unknown] => {
    if (isOurs(key, value)) return [key, noOnesId]
    return [key, isInside(key) && typeof value === 'object' && value ? withNoOnes(value) : value]
  })
  return Object.fromEntries(fields) as T
}

/** With what the sound ask of the door brings, as far as this deed says nothing else. */
async function knock(name: HttpDoorName, { id, move, body, query, file, by }: Omit<Deed, 'acts'>): Promise<Answer> {
  const client = by ?? scene.staff.clientFor(name)
  const { method, path } = addressOf(name, { ...(id && { id }), ...(move && { move }) })
  const asked = Object.entries({ ...soundOf(soundQueries, name), ...query }).filter(([, value]) => value !== undefined)
  const to = `${path}?${new URLSearchParams(asked as [string, string][]).toString()}`
  if (file) return scene.sent(to, file, client)
  return client.send(method, to, method !== 'POST' ? undefined : { ...soundOf(soundBodies, name), ...body })
}

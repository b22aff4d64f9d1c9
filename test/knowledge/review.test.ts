import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest'
import type { Revision, Wording } from '../../contract/entry.ts'
import { entriesStore } from '../../knowledge/entries.store.ts'
import { entryListsStore } from '../../knowledge/entry-lists.store.ts'
import { review, type Act } from '../../knowledge/review.ts'
import type { RevisionMove } from '../../knowledge/revision-moves.ts'
import { aDatabase, type TestDatabase } from '../support/postgres.ts'
import { aWording } from '../support/wording.ts'
import { staffNamed } from './staff-rows.ts'

let base: TestDatabase
let writer: Act
let checker: Act
let made = 0
let entry: string

beforeAll(async () => {
  base = await aDatabase()
  const [li = '', wang = ''] = await staffNamed(base.pool, '李编辑', '王审核')
  writer = { staffId: li, now: new Date('2026-11-22T01:00:00Z') }
  checker = { staffId: wang, now: new Date('2026-11-22T02:00:00Z') }
})
afterAll(() => base.drop())
beforeEach(() => {
  entry = `entry-${++made}`
})

const inOne = <T>(work: (r: ReturnType<typeof review>) => Promise<T>) =>
  base.db.transaction().execute((tx) => work(review(tx)))
const draft = (wording: Wording, id = entry) => inOne((r) => r.draft(wording, writer, id))
const move = (revision: Revision, to: RevisionMove, act = writer) => inOne((r) => r.move(revision.id, to, act))
const version = () => entriesStore(base.db).version()

async function published(wording: Wording, first: boolean): Promise<Revision> {
  const revision = first ? await draft(wording) : await inOne((r) => r.revise(entry, wording, writer))
  await move(revision, 'submit')
  await move(revision, 'approve', checker)
  return move(revision, 'publish')
}
async function states(): Promise<string[]> {
  const view = await entryListsStore(base.db).view(entry)
  return (view?.revisions ?? []).map(({ number, state }) => `${number} ${state}`)
}

describe('a draft', () => {
  it('opens an entry under the name given, with its author and text', async () => {
    expect(await draft(aWording({ question: '怎么参保' }))).toMatchObject({
      entryId: entry,
      number: 1,
      state: 'draft',
      origin: 'console',
      author: '李编辑',
      wording: aWording({ question: '怎么参保' }),
      createdAt: '2026-11-22T01:00:00.000Z',
    })
  })

  it('gets a made-up name when none is given', async () => {
    const revision = await inOne((r) => r.draft(aWording(), writer))
    expect(revision.entryId).toMatch(/^e-[0-9a-z]{8}$/)
  })

  it('is refused under a name that is taken', async () => {
    await draft(aWording())
    await expect(draft(aWording())).rejects.toMatchObject({ code: 'conflict' })
  })

  it('is refused when a neighbour does not exist, naming it', async () => {
    await draft(aWording())
    const wording = aWording({ notToConfuse: [entry, 'nobody'] })
    await expect(draft(wording, 'other')).rejects.toMatchObject({
      code: 'invalid_input',
      fields: [{ path: 'wording.notToConfuse.1', message: '没有这个编号的条目' }],
    })
  })

  it('changes nothing that the bot says', async () => {
    const before = await version()
    await draft(aWording())
    expect(await version()).toBe(before)
  })
})

describe('a revision', () => {
  it('is numbered on, and leaves the one before it as it was', async () => {
    await published(aWording(), true)
    const second = await inOne((r) => r.revise(entry, aWording({ answer: '改了。' }), writer))
    expect(second).toMatchObject({ number: 2, state: 'draft' })
    expect(await states()).toEqual(['2 draft', '1 published'])
  })

  it('is numbered without gaps or doubles when two editors write at once', async () => {
    await draft(aWording())
    await Promise.all([1, 2, 3, 4].map(() => inOne((r) => r.revise(entry, aWording(), writer))))
    expect((await states()).map((line) => line.slice(0, 1))).toEqual(['5', '4', '3', '2', '1'])
  })

  it('of an entry that does not exist is not found', async () => {
    await expect(inOne((r) => r.revise('nobody', aWording(), writer))).rejects.toMatchObject({ code: 'not_found' })
  })

  it('cannot be edited or deleted, not even past this code', async () => {
    const { id } = await draft(aWording())
    const edit = base.pool.query(`update revision set wording = '{}' where id = $1`, [id])
    await expect(edit).rejects.toThrow('a revision is immutable')
    await expect(base.pool.query('delete from revision where id = $1', [id])).rejects.toThrow('immutable')
  })
})

describe('approving', () => {
  it('is not for the author', async () => {
    const revision = await draft(aWording())
    await move(revision, 'submit')
    await expect(move(revision, 'approve', writer)).rejects.toMatchObject({ code: 'approver_is_author' })
    expect(await states()).toEqual(['1 submitted'])
  })

  it('names the reviewer', async () => {
    const revision = await draft(aWording())
    await move(revision, 'submit')
    expect(await move(revision, 'approve', checker)).toMatchObject({ state: 'approved', reviewer: '王审核' })
  })

  it('comes before publishing', async () => {
    const revision = await draft(aWording())
    await expect(move(revision, 'publish')).rejects.toMatchObject({ code: 'illegal_move' })
    await move(revision, 'submit')
    await expect(move(revision, 'publish')).rejects.toMatchObject({ code: 'illegal_move' })
  })

  it('of the same revision by two people at once happens once', async () => {
    const revision = await draft(aWording())
    await move(revision, 'submit')
    const tries = await Promise.allSettled([move(revision, 'approve', checker), move(revision, 'approve', checker)])
    expect(tries.map(({ status }) => status).sort()).toEqual(['fulfilled', 'rejected'])
  })
})

describe('publishing', () => {
  it('says when, and makes every node look again', async () => {
    const before = await version()
    expect(await published(aWording(), true)).toMatchObject({
      state: 'published',
      publishedAt: '2026-11-22T01:00:00.000Z',
    })
    expect(await version()).toBe(before + 1)
  })

  it('supersedes what would come into force on the same day or later, and keeps what holds until then', async () => {
    await published(aWording({ validFrom: '2024-01-01' }), true)
    await published(aWording({ validFrom: '2026-01-01' }), false)
    await published(aWording({ validFrom: '2027-01-01' }), false)
    await published(aWording({ validFrom: '2026-01-01', answer: '更正。' }), false)
    expect(await states()).toEqual(['4 published', '3 superseded', '2 superseded', '1 published'])
  })

  it('does not touch another entry', async () => {
    const other = await published(aWording({ validFrom: '2026-01-01' }), true)
    entry = `${entry}-b`
    await published(aWording({ validFrom: '2024-01-01' }), true)
    expect(await entryListsStore(base.db).revision(other.id)).toMatchObject({ state: 'published' })
  })

  it('is undone with everything else when its transaction fails', async () => {
    const revision = await draft(aWording())
    await move(revision, 'submit')
    await move(revision, 'approve', checker)
    const before = await version()
    const failing = inOne(async (r) => {
      await r.move(revision.id, 'publish', writer)
      throw new Error('the audit line could not be written')
    })
    await expect(failing).rejects.toThrow('audit')
    expect(await states()).toEqual(['1 approved'])
    expect(await version()).toBe(before)
  })
})

describe('withdrawing', () => {
  it('takes a published text out of service, for good', async () => {
    const revision = await published(aWording(), true)
    const before = await version()
    expect(await move(revision, 'withdraw')).toMatchObject({ state: 'withdrawn' })
    expect(await version()).toBe(before + 1)
    expect((await entriesStore(base.db).published()).some(({ entryId }) => entryId === entry)).toBe(false)
    await expect(move(revision, 'publish')).rejects.toMatchObject({ code: 'illegal_move' })
  })

  it('of a draft changes nothing that is served', async () => {
    const revision = await draft(aWording())
    const before = await version()
    await move(revision, 'withdraw')
    expect(await version()).toBe(before)
  })

  it('of a revision that does not exist is not found', async () => {
    const nobody = '00000000-0000-4000-8000-000000000000'
    await expect(inOne((r) => r.move(nobody, 'withdraw', writer))).rejects.toMatchObject({ code: 'not_found' })
  })
})

describe('the editors’ list', () => {
  const list = (filter: object) => entryListsStore(base.db).list({ limit: 10, offset: 0, ...filter }, '2026-11-22')

  it('shows the latest revision of each entry', async () => {
    await published(aWording({ question: '第一问' }), true)
    await inOne((r) => r.revise(entry, aWording({ question: '第二问', validUntil: '2027-01-01' }), writer))
    const { rows, total } = await list({ q: entry })
    expect(total).toBe(1)
    expect(rows).toEqual([
      {
        id: entry,
        revisionId: expect.stringMatching(/^[0-9a-f-]{36}$/) as string,
        example: false,
        question: '第二问',
        topic: '参保',
        state: 'draft',
        origin: 'console',
        number: 2,
        validFrom: '2024-01-01',
        validUntil: '2027-01-01',
        updatedAt: '2026-11-22T01:00:00.000Z',
      },
    ])
  })

  it('filters by state, topic, region and words, and counts what it does not show', async () => {
    const topic = `话题${made}`
    for (const n of [1, 2, 3])
      await draft(aWording({ topic, question: `问${n}`, similar: [`似${n}`] }), `${entry}-${n}`)
    await draft(aWording({ topic, region: '141100' }), `${entry}-4`)
    expect(await list({ topic, limit: 2, offset: 1 })).toMatchObject({ total: 4, rows: [{}, {}] })
    expect((await list({ topic, q: '似2' })).rows.map(({ id }) => id)).toEqual([`${entry}-2`])
    expect((await list({ topic, region: '141100' })).rows).toMatchObject([{ id: `${entry}-4`, region: '141100' }])
    expect((await list({ topic, state: 'published' })).total).toBe(0)
    expect((await list({ topic, offset: 9 })).total).toBe(4)
  })

  it('takes % and _ for what they are', async () => {
    const topic = `话题${made}`
    await draft(aWording({ topic, question: '报销100%吗' }))
    expect((await list({ topic, q: '100%' })).total).toBe(1)
    expect((await list({ topic, q: '1%吗' })).total).toBe(0)
    expect((await list({ topic, q: '报_100' })).total).toBe(0)
  })
})

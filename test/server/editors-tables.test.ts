/** Tables of entries and many revisions at once, over HTTP as a page does it. */
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import type { EntryRow } from '../../contract/http.ts'
import type { BulkView } from '../../contract/import.ts'
import { headings } from '../../knowledge/import-columns.ts'
import { writeCsv } from '../../knowledge/sheet/csv.ts'
import { readXlsx, writeXlsx } from '../../knowledge/sheet/xlsx.ts'
import { aHotline, type TestHotline } from '../support/hotline.ts'
import { signedIn, type HttpClient } from '../support/http-client.ts'

let hotline: TestHotline
let editor: HttpClient
let reviewer: HttpClient

beforeAll(async () => {
  hotline = await aHotline()
  editor = await signedIn(hotline.url, await hotline.aMember('editor'))
  reviewer = await signedIn(hotline.url, await hotline.aMember('reviewer'))
})
afterAll(() => hotline.close())

async function send(file: Buffer, path = '/api/entries-table', who = editor) {
  const response = await fetch(`${hotline.url}${path}`, {
    method: 'POST',
    headers: { cookie: who.cookie, 'x-csrf-token': who.csrf, 'content-type': 'application/octet-stream' },
    body: new Uint8Array(file),
  })
  return { status: response.status, body: (await response.json()) as Record<string, unknown> }
}
async function fetched(path: string): Promise<{ name: string; file: Buffer }> {
  const response = await fetch(`${hotline.url}${path}`, { headers: { cookie: editor.cookie } })
  expect(response.status).toBe(200)
  const name = decodeURIComponent(response.headers.get('content-disposition') ?? '')
  return { name, file: Buffer.from(await response.arrayBuffer()) }
}
const rowsOf = async (query: string) =>
  ((await editor.get(`/api/entries?limit=200&${query}`)).body as { entries: EntryRow[] }).entries
const table = (...questions: string[]) => [
  headings,
  ...questions.map((question) => {
    const cells: Record<string, string> = {
      标准问题: question,
      答案: '到窗口办理。',
      口语答案: '到窗口办理。',
      依据: '测试文件',
      主题: '批量',
      生效日: '2026-01-01',
    }
    return headings.map((heading) => cells[heading] ?? '')
  }),
]

describe('tables', () => {
  it('go out as filtered and come back unchanged', async () => {
    const { name, file } = await fetched('/api/entries-table?region=340600')
    expect(name).toMatch(/知识条目-\d{4}-\d\d-\d\d\.xlsx/)
    const rows = readXlsx(file).rows.length - 1
    expect(rows).toBeGreaterThan(5)
    expect(await send(file)).toMatchObject({ status: 200, body: { added: 0, changed: 0, unchanged: rows } })
    const csv = await fetched('/api/entries-table?region=340600&format=csv')
    expect(await send(csv.file)).toMatchObject({ body: { added: 0, changed: 0, unchanged: rows } })
  })

  it('begin with a template that is refused as long as it is empty', async () => {
    const { name, file } = await fetched('/api/entries-template')
    expect(name).toContain('知识条目模板.xlsx')
    expect(readXlsx(file).rows.map(({ cells }) => cells)).toEqual([headings])
    expect(await send(file)).toMatchObject({
      status: 400,
      body: { fields: [{ message: '第 2 行：表格里还没有条目' }] },
    })
  })

  it('are only looked at when that is asked for', async () => {
    const file = writeXlsx([{ name: 'a', rows: table('批量问题甲', '批量问题乙') }])
    const tried = await send(file, '/api/entries-table?check=1')
    expect(tried).toMatchObject({ status: 200, body: { added: 2, changed: 0, unchanged: 0, checked: true } })
    expect(await rowsOf('topic=批量')).toEqual([])
  })

  it('become drafts of whoever sent them, once, with one line in the audit trail', async () => {
    const file = writeCsv(table('批量问题甲', '批量问题乙', '批量问题丙'))
    expect(await send(file)).toMatchObject({ status: 200, body: { added: 3, checked: false } })
    expect(await send(file)).toMatchObject({ status: 200, body: { added: 0, unchanged: 3 } })
    expect((await rowsOf('topic=批量')).map(({ state }) => state)).toEqual(['draft', 'draft', 'draft'])
    const auditor = await signedIn(hotline.url, await hotline.aMember('auditor'))
    const trail = (await auditor.get('/api/audit')).body as { rows: { act: string }[] }
    expect(trail.rows.filter(({ act }) => act === 'entry.import')).toHaveLength(1)
  })

  it('are refused by row and heading, and as a whole', async () => {
    const rows = table('批量问题丁', '')
    expect(await send(writeCsv(rows))).toMatchObject({
      status: 400,
      body: { code: 'invalid_input', fields: [{ path: '3.标准问题', message: '第 3 行“标准问题”：不能为空' }] },
    })
    expect(await send(Buffer.from('PK\x03\x04 no table'))).toMatchObject({
      status: 400,
      body: { fields: [{ path: 'file' }] },
    })
    expect(await send(Buffer.alloc(5 * 1024 * 1024 + 1))).toMatchObject({ status: 413, body: { code: 'too_large' } })
    expect(await rowsOf('q=批量问题丁')).toEqual([])
  })

  it('are taken from an editor alone', async () => {
    expect((await send(writeCsv(table('不该有')), '/api/entries-table', reviewer)).status).toBe(403)
  })
})

describe('many revisions at once', () => {
  const bulk = async (who: HttpClient, move: string, revisions: string[]) => {
    const { status, body } = await who.post('/api/reviews', { move, revisions })
    return { status, view: body as BulkView }
  }
  const ids = async () => (await rowsOf('topic=批量')).map(({ revisionId }) => revisionId)

  it('are submitted, approved by somebody else and published, each with its line in the audit trail', async () => {
    const some = await ids()
    expect(await bulk(editor, 'submit', some)).toMatchObject({ status: 200, view: { done: 3, refused: [] } })
    expect((await bulk(editor, 'approve', some)).status).toBe(403)
    expect(await bulk(reviewer, 'approve', some)).toMatchObject({ view: { done: 3 } })
    expect(await bulk(reviewer, 'publish', some)).toMatchObject({ view: { done: 3 } })
    const asked = await editor.post('/api/ask', { question: '批量问题甲' })
    expect(asked.body).toMatchObject({ outcome: 'answer' })
    const auditor = await signedIn(hotline.url, await hotline.aMember('auditor'))
    const trail = (await auditor.get('/api/audit?limit=200')).body as { rows: { act: string; subject: string }[] }
    for (const act of ['revision.submit', 'revision.approve', 'revision.publish'])
      expect(trail.rows.filter((row) => row.act === act && some.includes(row.subject))).toHaveLength(3)
  })

  it('are done one by one: whoever wrote one does not approve it, and the others go through', async () => {
    const both = await signedIn(hotline.url, await hotline.aMember('editor', 'reviewer'))
    await send(writeCsv(table('两人问题甲')), '/api/entries-table', both)
    await send(writeCsv(table('两人问题乙')))
    const some = (await rowsOf('q=两人问题')).map(({ revisionId }) => revisionId)
    await bulk(both, 'submit', some)
    expect((await bulk(both, 'approve', some)).view).toEqual({
      done: 1,
      refused: [
        {
          id: expect.any(String) as string,
          question: '两人问题甲',
          message: '不能审核自己写的内容，请由另一位同事审核',
        },
      ],
    })
  })

  it('approve shipped examples where they stand', async () => {
    const [first, second] = await rowsOf('example=1')
    const some = [first?.revisionId ?? '', second?.revisionId ?? '']
    expect(first).toMatchObject({ example: true, state: 'published', origin: 'pack' })
    expect((await bulk(reviewer, 'approve', some)).view).toEqual({ done: 2, refused: [] })
    const left = (await rowsOf('example=1')).map(({ revisionId }) => revisionId)
    expect(left.filter((id) => some.includes(id))).toEqual([])
  })
})

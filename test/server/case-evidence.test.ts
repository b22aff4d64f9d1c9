/** 佐证 as files: kept with the case and its round, drawn anew, seen by those who may see the case, gone with what it holds. */
import sharp from 'sharp'
import { afterAll, beforeAll, expect, it } from 'vitest'
import type { CaseView } from '../../contract/case.ts'
import type { EvidenceFile } from '../../contract/case-evidence.ts'
import { erasingStore } from '../../desk/data-subject-erasing.store.ts'
import { openKeyRing } from '../../server/key-ring.ts'
import { aHotline, type TestHotline } from '../support/hotline.ts'
import { signedIn, type HttpClient } from '../support/http-client.ts'
import { aVisitor } from '../support/socket-clients.ts'

let hotline: TestHotline
let officer: HttpClient
let id: string
const pdf = Buffer.from('%PDF-1.4\n%%EOF\n')

beforeAll(async () => {
  hotline = await aHotline()
  officer = await signedIn(hotline.url, await hotline.aMember('officer'))
  const citizen = await aVisitor(hotline.url)
  await citizen.must('complaint:file', { text: '窗口提前下班' })
  citizen.close()
  id = ((await officer.get('/api/cases')).body as { cases: { id: string }[] }).cases[0]?.id ?? ''
})
afterAll(() => hotline.close())

async function add(
  file: Buffer,
  name: string,
  by = officer,
): Promise<{ status: number; told: string; files: EvidenceFile[] }> {
  const headers = { cookie: by.cookie, 'x-csrf-token': by.csrf, 'content-type': 'application/octet-stream' }
  const path = `/api/cases/${id}/evidence?${new URLSearchParams({ name }).toString()}`
  const response = await fetch(`${hotline.url}${path}`, { method: 'POST', headers, body: new Uint8Array(file) })
  const body = (await response.json()) as { files?: EvidenceFile[] }
  return { status: response.status, told: JSON.stringify(body), files: body.files ?? [] }
}
const move = (to: string, more: object = {}) => officer.post(`/api/cases/${id}/moves`, { to, note: '办理', ...more })

it('is a picture or a paper, known by what is in it, called what any system can save, once', async () => {
  expect((await add(pdf, '../../台账<1>.exe')).files).toMatchObject([{ name: '台账1.pdf', bytes: pdf.length }])
  expect((await add(pdf, '又一次.pdf')).files).toHaveLength(1)
  expect(await add(Buffer.from('MZ…'), '程序.jpg')).toMatchObject({ status: 400 })
  expect((await add(Buffer.alloc(0), '空.pdf')).told).toContain('文件是空的')
  expect((await add(Buffer.concat([pdf, Buffer.alloc(5 * 1_048_576)]), '大.pdf')).status).toBe(413)
})

it('holds no place where the picture was taken', async () => {
  const picture = sharp({ create: { width: 40, height: 30, channels: 3, background: '#0f6d66' } })
  const taken = await picture
    .withExif({ IFD3: { GPSLatitude: '33/1 57/1 0/1', GPSLatitudeRef: 'N' } })
    .jpeg()
    .toBuffer()
  expect((await sharp(taken).metadata()).exif).toBeDefined()
  const { files } = await add(taken, '现场.jpg')
  const kept = files.find(({ name }) => name === '现场.jpg')
  const response = await fetch(`${hotline.url}/api/case-evidence/${kept?.id}`, { headers: { cookie: officer.cookie } })
  expect(response.headers.get('content-disposition')).toContain('attachment')
  expect(response.headers.get('content-security-policy')).toContain('sandbox')
  const { exif, width } = await sharp(Buffer.from(await response.arrayBuffer())).metadata()
  expect([exif, width]).toEqual([undefined, 40])
})

it('proves the case without a word more, is named in its history, and is shown to nobody else', async () => {
  for (const to of ['contacted', 'rectifying']) await move(to)
  expect((await move('to_review', { remedy: '已整改' })).status).toBe(200)
  const { events } = (await officer.get(`/api/cases/${id}`)).body as CaseView
  expect(events.at(-1)?.evidence).toBe('附件：台账1.pdf、现场.jpg')
  const agent = await signedIn(hotline.url, await hotline.aMember('agent'))
  expect((await agent.get(`/api/cases/${id}/evidence`)).status).toBe(403)
  const { rows } = await hotline.database.pool.query<{ act: string }>(
    `select act from audit where act like 'case.evidence%' order by id`,
  )
  expect(rows.map(({ act }) => act)).toEqual(['case.evidence', 'case.evidence', 'case.evidence-open'])
  const sealed = await hotline.database.pool.query<{ content_sealed: Buffer }>(
    'select content_sealed from case_evidence',
  )
  for (const row of sealed.rows) expect(row.content_sealed.includes('PDF')).toBe(false)
})

it('proves nothing of what is done after the case was reopened', async () => {
  await hotline.database.pool.query(
    `update case_file set reopened = reopened + 1, state = 'rectifying' where id = $1`,
    [id],
  )
  expect(await move('to_review', { remedy: '再次整改' })).toMatchObject({ status: 400 })
  const { files } = (await officer.get(`/api/cases/${id}/evidence`)).body as { files: EvidenceFile[] }
  expect(files.map(({ isOfThisRound }) => isOfThisRound)).toEqual([false, false])
  expect((await add(pdf, '第二次.pdf')).files[0]).toMatchObject({ name: '第二次.pdf', isOfThisRound: true })
  expect((await move('to_review', { remedy: '再次整改' })).status).toBe(200)
})

it('is gone when what the case holds is erased', async () => {
  const keys = openKeyRing(hotline.config)
  await hotline.db.transaction().execute((tx) => erasingStore(tx, keys).cases([id]))
  expect((await officer.get(`/api/cases/${id}/evidence`)).body).toEqual({ files: [] })
})

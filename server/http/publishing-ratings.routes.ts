/** What is published of ratings, what is handed to a provincial system, the lists of reasons and the windows' codes. */
import { createHmac } from 'node:crypto'
import type { Request } from 'express'
import { toString as qrCode } from 'qrcode'
import { Problem } from '../../contract/problem.ts'
import { exportFormat, levelNames, type RatingsExport } from '../../contract/rating.ts'
import { auditStore } from '../../desk/audit.store.ts'
import { maskText } from '../../desk/masking.ts'
import { publishedRatingsStore, type ExportedRating } from '../../desk/published-ratings.store.ts'
import { ratingWindowsStore } from '../../desk/rating-windows.store.ts'
import { mustBeDistinct } from '../../desk/reasons.ts'
import { reasonsStore } from '../../desk/reasons.store.ts'
import { businessTime, businessZone } from '../../desk/working-days.ts'
import type { Db } from '../db/database.ts'
import { stretchOf } from '../figures.ts'
import type { PublishedMonths } from '../published-months.ts'
import type { Doors } from './doors.ts'
import { noMonthPage, publicPage } from './public-page.ts'

type Parts = {
  db: Db
  months: PublishedMonths
  bureau: string
  /** What a QR code begins with; absent: the address that it was asked for at. */
  publicUrl?: string | undefined
  /** Names ratings in exports, so that no number of ours leaves. */
  secret: Buffer
  now: () => Date
}

const day = new Intl.DateTimeFormat('zh-CN', { timeZone: businessZone, dateStyle: 'long' })
function daysInWords(month: string): string {
  const first = `${month}-01`
  const last = new Date(`${first}T00:00:00Z`)
  last.setUTCMonth(last.getUTCMonth() + 1, 0)
  const words = (of: string) => day.format(businessTime(of, '12:00'))
  return `${words(first)}至${words(last.toISOString().slice(0, 10))}`
}
const monthName = /^[2-9]\d{3}-(0[1-9]|1[0-2])$/
const publicSeconds = 300

export function publishingRatingsRoutes(doors: Doors, { db, months, bureau, publicUrl, secret, now }: Parts): void {
  const published = publishedRatingsStore(db)
  const ours = (req: Request) => publicUrl?.replace(/\/$/, '') ?? `${req.protocol}://${req.get('host') ?? ''}`

  // Reads its address itself: whoever follows half a link is told so on a page.
  doors.open('GET /public', async ({ req, res }) => {
    await months.publishDue()
    const all = await months.months()
    const asked = req.query['month'] ?? all[0]
    if (asked === undefined) return void unfound(200, '现在还没有公示。每月结束后公布当月的评价。')
    if (typeof asked !== 'string' || !monthName.test(asked))
      return void unfound(400, '网址里的月份不对，应写成 2026-10 这样，请从下面选一个月。')
    const found = await months.find(asked)
    if (!found) return void unfound(404, '这个月没有公示。')
    const address = `${ours(req)}/public?month=${asked}`
    const published = { days: daysInWords(asked), publishedOn: day.format(found.publishedAt), address, months: all }
    send(200, publicPage({ bureau, month: asked, content: found.content, ...published }))

    function unfound(status: number, told: string): void {
      send(status, noMonthPage(bureau, told, all))
    }
    function send(status: number, html: string): void {
      const kept = status === 200 ? `public, max-age=${publicSeconds}` : 'no-store'
      res.status(status).set('cache-control', kept).type('html').send(html)
    }
  })

  doors.open('GET /api/ratings-export', async ({ query, signedIn, res }) => {
    const rows = await published.exported(stretchOf(query, now()))
    const versions = await reasonsStore(db).all()
    const placeOf = ({ reasonsVersion, level }: ExportedRating, reason: string) =>
      (versions.find(({ version }) => version === reasonsVersion)?.lists[level].indexOf(reason) ?? -1) + 1
    const { staffId } = signedIn.actor
    const detail = { ...query, rows: rows.length }
    await auditStore(db).record({ staffId, act: 'ratings.export', subject: exportFormat, detail }, now())
    const told: RatingsExport = {
      format: exportFormat,
      bureau,
      from: query.from,
      to: query.to,
      madeAt: now().toISOString(),
      count: rows.length,
      ratings: rows.map((row) => ({
        id: createHmac('sha256', secret).update('export:').update(row.id).digest('hex').slice(0, 32),
        day: row.day,
        channel: row.channel,
        object: {
          kind: row.unit,
          ...(row.workNumber !== null && { number: row.workNumber }),
          ...(row.window !== null && { window: row.window }),
        },
        level: row.level,
        levelName: levelNames[row.level],
        reasons: row.reasons.map((text) => ({
          code: [row.reasonsVersion, row.level, placeOf(row, text)].join('-'),
          text,
        })),
        ...(row.words !== null && { words: maskText(row.words) }),
        ...(row.caseNumber !== null && { rectification: { number: row.caseNumber, state: row.caseState ?? '' } }),
      })),
    }
    res.attachment(`好差评-${query.from}-${query.to}.json`).set('cache-control', 'no-store').json(told)
  })

  doors.open('GET /api/reasons', async () => ({ versions: await reasonsStore(db).all() }))
  doors.open('POST /api/reasons', async ({ body, signedIn }) => {
    mustBeDistinct(body)
    const { staffId } = signedIn.actor
    return db.transaction().execute(async (tx) => {
      const version = await reasonsStore(tx).make(body, staffId, now())
      await auditStore(tx).record({ staffId, act: 'reasons.change', subject: String(version) }, now())
      return { version }
    })
  })

  doors.open('GET /api/windows', async () => ({ windows: await ratingWindowsStore(db).list() }))
  doors.open('POST /api/windows', async ({ body, signedIn }) => {
    const { staffId } = signedIn.actor
    return db.transaction().execute(async (tx) => {
      const id = await ratingWindowsStore(tx).make(body.name, staffId, now())
      if (!id)
        throw new Problem('conflict', 'a window of this name', {
          fields: [{ path: 'name', message: '已有同名的窗口' }],
        })
      await auditStore(tx).record({ staffId, act: 'window.make', subject: id }, now())
      return { id }
    })
  })
  doors.open('POST /api/windows/:id/open', async ({ params, body, signedIn }) => {
    const { staffId } = signedIn.actor
    await db.transaction().execute(async (tx) => {
      const isThere = await ratingWindowsStore(tx).setOpen(params.id, body.isOpen, now())
      if (!isThere) throw new Problem('not_found', `no window ${params.id}`)
      await auditStore(tx).record({ staffId, act: 'window.open', subject: params.id, detail: body }, now())
    })
    return { ok: true }
  })
  doors.open('GET /api/windows/:id/code', async ({ params, req, res }) => {
    const window = (await ratingWindowsStore(db).list()).find(({ id }) => id === params.id)
    if (!window) throw new Problem('not_found', `no window ${params.id}`)
    const address = `${ours(req)}/rate/window/${window.code}`
    const svg = await qrCode(address, { type: 'svg', errorCorrectionLevel: 'M', margin: 2 })
    res.set('x-rating-address', address).type('image/svg+xml').send(svg)
  })
}

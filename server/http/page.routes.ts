/** The pages and their files, as the build left them in dist/. */
import { existsSync } from 'node:fs'
import { extname, join } from 'node:path'
import type { Response } from 'express'
import { Problem } from '../../contract/problem.ts'
import type { Answer } from '../../contract/answer.ts'
import type { PolicyPlace, TopicRow } from '../title-book.ts'
import type { Doors } from './doors.ts'
import { policyMapPage, policyPage } from './policy-pages.ts'
import { topicsPage } from './topics-page.ts'

const yearMs = 365 * 24 * 3_600_000
const isHashed = (path: string) => /[-.][\w-]{8,}\.(js|css|svg|woff2|png)$/.test(path)

type Parts = {
  dist: string
  bureau: string
  /** What the citizens' browsers call us; absent: as they asked for us. */
  publicUrl: string | undefined
  topics: () => readonly TopicRow[]
  places: () => readonly PolicyPlace[]
  /** What is in force of one entry. */
  entry: (entryId: string) => Answer | undefined
  today: () => string
}

export function pageRoutes(doors: Doors, { dist, bureau, publicUrl, topics, places, entry, today }: Parts): void {
  const widget = join(dist, 'widget')
  const console_ = join(dist, 'console')

  doors.open('GET /', ({ res }) => send(res, widget, 'site.html'))
  doors.open('GET /topics', ({ res }) => {
    res
      .set('cache-control', 'public, max-age=0')
      .type('html')
      .send(topicsPage(bureau, topics(), today()))
  })
  doors.open('GET /policy', ({ res }) => {
    res
      .set('cache-control', 'public, max-age=0')
      .type('html')
      .send(policyMapPage(bureau, places(), today()))
  })
  doors.open('GET /policy/:id', async ({ params, req, res }) => {
    const answer = entry(params.id)
    if (!answer?.answer) throw new Problem('not_found', `no entry ${params.id} is in force`)
    const base = publicUrl ?? `${req.protocol}://${req.get('host') ?? ''}`
    const url = `${base.replace(/\/$/, '')}/policy/${params.id}`
    const page = await policyPage(bureau, { answer, url, day: today() })
    res.set('cache-control', 'public, max-age=0').type('html').send(page)
  })
  doors.open('GET /widget/*path', ({ req, res }) => send(res, widget, below(req.path, '/widget/')))
  doors.open('GET /console{/*path}', ({ req, res }) => {
    const path = below(req.path, '/console/')
    // The console's own addresses are answered by its one page.
    send(res, console_, extname(path) ? path : 'index.html')
  })
}

function below(path: string, mount: string): string {
  return path.startsWith(mount) ? decodeURIComponent(path.slice(mount.length)) : ''
}

function send(res: Response, root: string, path: string): void {
  if (!existsSync(root)) throw new Problem('not_ready', `${root} is not built`)
  const cache = isHashed(path) ? { maxAge: yearMs, immutable: true } : { maxAge: 0 }
  res.sendFile(path, { root, dotfiles: 'deny', ...cache }, (error?: Error) => {
    if (error && !res.headersSent) res.status(404).type('text').send('没有这个页面')
  })
}

/** Ratings by link and by a QR code at a window: a page without a script, and the form that it sends. */
import { randomUUID } from 'node:crypto'
import express, { type Express, type Request, type Response } from 'express'
import { z } from 'zod'
import type { OpenLines } from '../../bot/open-lines.ts'
import type { Paperwork } from '../../bot/paperwork.ts'
import { pendingRatings } from '../../bot/pending-ratings.ts'
import { wordlessMattersStore } from '../../bot/wordless-matters.store.ts'
import { parse } from '../../contract/parse.ts'
import { Problem } from '../../contract/problem.ts'
import {
  giveRatingSchema,
  levelNames,
  windowCode,
  windowRatingSchema,
  type GivenRating,
  type WindowRating,
} from '../../contract/rating.ts'
import type { RatingTokens } from '../../desk/rating-token.ts'
import { ratingWindowsStore } from '../../desk/rating-windows.store.ts'
import { ratingsStore } from '../../desk/ratings.store.ts'
import { reasonsStore } from '../../desk/reasons.store.ts'
import type { WindowTokens } from '../../desk/window-token.ts'
import type { Db } from '../db/database.ts'
import type { Doors } from './doors.ts'
import { refusalOf } from '../problem-words.ts'
import { httpStatus } from './problem-status.ts'
import { rateFormPage, rateTold, type OtherPart } from './rate-page.ts'

type Parts = {
  app: Express
  db: Db
  bureau: string
  ratings: RatingTokens
  windows: WindowTokens
  lines: OpenLines
  paperwork: Paperwork
  now: () => Date
}
/** What a token may rate, whichever way it came. */
type Rated =
  | {
      kind: 'open'
      title: string
      isAtWindow: boolean
      give: (given: Omit<GivenRating, 'token'>, added: WindowRating) => Promise<{ told: string }>
    }
  | { kind: 'over'; problem: Problem }

const formBytes = '16kb'
const field = z.union([z.string(), z.array(z.string())]).optional()
/** As a browser sends it: names of ours, one value or many. */
const formSchema = z.looseObject({
  level: z.string().optional(),
  words: z.string().optional(),
  clerk: z.string().optional(),
  phone: z.string().optional(),
})

export function ratingsRoutes(doors: Doors, { app, db, bureau, ratings, windows, lines, paperwork, now }: Parts): void {
  app.use('/rate', express.urlencoded({ extended: false, limit: formBytes, parameterLimit: 40 }))

  doors.open('GET /rate/window/:code', async ({ req, res }) => {
    const code = windowCode.safeParse(req.params['code']).data
    const window = code && (await ratingWindowsStore(db).open({ code }))
    if (!window) return told(res, 404, '评价', '这个窗口的评价码已经停用。')
    unkept(res).redirect(303, `/rate/${windows.make(randomUUID(), window.id, now())}`)
  })

  doors.open('GET /rate/:token', async ({ req, res }) => {
    const rated = await find(tokenIn(req))
    if (rated.kind === 'over') return refuse(res, rated.problem, await othersOf(tokenIn(req)))
    const lists = await reasonsStore(db).inForce()
    const others = await othersOf(tokenIn(req))
    unkept(res)
      .type('html')
      .send(rateFormPage({ bureau, title: rated.title, isAtWindow: rated.isAtWindow, lists, others }))
  })

  doors.open('POST /rate/:token', async ({ req, res }) => {
    const rated = await find(tokenIn(req))
    if (rated.kind === 'over') return refuse(res, rated.problem)
    try {
      const { token: _, ...given } = givenIn(tokenIn(req), req.body)
      const { told: words } = await rated.give(given, rated.isAtWindow ? addedIn(req.body) : {})
      const others = await othersOf(tokenIn(req))
      told(res, 200, '谢谢您的评价', `您评了“${levelNames[given.level]}”。${words}`, others)
    } catch (error) {
      if (!(error instanceof Problem)) throw error
      if (error.code !== 'invalid_input') return refuse(res, error)
      const refused =
        error.fields[0]?.path === 'level' ? '请先选一档评价。' : (error.fields[0]?.message ?? '请重新填写。')
      const lists = await reasonsStore(db).inForce()
      unkept(res)
        .status(400)
        .type('html')
        .send(rateFormPage({ bureau, title: rated.title, isAtWindow: rated.isAtWindow, lists, refused }))
    }
  })

  async function find(token: string): Promise<Rated> {
    const ticket = windows.read(token)
    const id = ticket?.ratingId ?? ratings.read(token)
    const kept = id ? await ratingsStore(db).find(id) : undefined
    if (kept?.givenAt) return over('already_rated')
    if (kept)
      return kept.closesAt > now()
        ? {
            kind: 'open',
            title: '请评价这次服务',
            isAtWindow: false,
            give: (given) =>
              lines.hold(kept.conversationId, (talk) => paperwork.giveRating(talk, kept.id, given, 'card')),
          }
        : over('rating_closed')
    if (!ticket) return over('not_found')
    if (ticket.closesAt <= now()) return over('rating_closed')
    const window = await ratingWindowsStore(db).open({ id: ticket.windowId })
    if (!window) return over('rating_closed')
    return {
      kind: 'open',
      title: `请评价${window.name}的这次服务`,
      isAtWindow: true,
      async give(given, { clerk, phone }) {
        const { ratingId, windowId, closesAt } = ticket
        const conversationId = await db.transaction().execute(async (tx) => {
          const visit = await wordlessMattersStore(tx).ofVisit(now())
          const isFirst = await ratingsStore(tx).askAtWindow(
            { id: ratingId, windowId, clerk, closesAt, ...visit },
            now(),
          )
          if (!isFirst) throw new Problem('already_rated', `ticket ${ratingId} was used`)
          return visit.conversationId
        })
        const atWindow = { name: window.name, clerk, phone }
        return lines.hold(conversationId, (talk) => paperwork.giveRating(talk, ratingId, given, 'card', atWindow))
      },
    }
  }

  /** The other parts of the same conversation that nobody has rated yet; the handling of a case is asked for by itself. */
  async function othersOf(token: string): Promise<OtherPart[]> {
    const id = ratings.read(token)
    const kept = id ? await ratingsStore(db).find(id) : undefined
    const open = kept ? await pendingRatings(db, kept.conversationId, now()) : []
    return open.flatMap(({ ratingId, about, agentNumber }) =>
      ratingId === id || about === 'case' ? [] : [{ path: `/rate/${ratings.make(ratingId)}`, agentNumber }],
    )
  }

  function refuse(res: Response, problem: Problem, others: readonly OtherPart[] = []): void {
    const isLate = problem.code === 'rating_closed'
    const words = isLate ? '这次评价的时间已经过了。在窗口请重新扫码。' : refusalOf(problem).message
    told(res, httpStatus[problem.code], '评价', words, others)
  }

  function told(res: Response, status: number, title: string, words: string, others: readonly OtherPart[] = []): void {
    unkept(res)
      .status(status)
      .type('html')
      .send(rateTold(bureau, title, words, others))
  }
}

const tokenIn = ({ params }: Request): string => (typeof params['token'] === 'string' ? params['token'] : '')

const over = (code: 'already_rated' | 'rating_closed' | 'not_found'): Rated => ({
  kind: 'over',
  problem: new Problem(code, 'by link'),
})

/** The address is the permission: no cache keeps it and no other site is told it. Without an origin a form would be no page's. */
const unkept = (res: Response) => res.set({ 'cache-control': 'no-store', 'referrer-policy': 'same-origin' })

/** What was left empty is not there. @throws Problem invalid_input */
function addedIn(body: unknown): WindowRating {
  const { clerk, phone } = parse(formSchema, body ?? {})
  return parse(windowRatingSchema, { ...(clerk?.trim() && { clerk }), ...(phone?.trim() && { phone }) })
}

/** @throws Problem invalid_input */
function givenIn(token: string, body: unknown): GivenRating {
  const form = parse(formSchema, body ?? {})
  const reasons = parse(field, form[`reason-${form.level ?? ''}`]) ?? []
  return parse(giveRatingSchema, {
    token,
    level: Number(form.level),
    reasons: typeof reasons === 'string' ? [reasons] : reasons,
    ...(form.words?.trim() && { words: form.words }),
  })
}

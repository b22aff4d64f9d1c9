/** Opens the built panel in a real browser, against a server that says what the test tells it; cleans up after each test. */
import { randomUUID } from 'node:crypto'
import type { BrowserContextOptions, Frame, FrameLocator, Page } from 'playwright-core'
import { afterAll, afterEach, beforeAll } from 'vitest'
import { aBrowser, builtWidget, opened } from './browser.ts'
import { answer } from './sayings.ts'
import { standIn, type StandIn } from './stand-in.ts'

/** Registers its own hooks: call it once in a describe block. */
export function panelBench() {
  let dist: Awaited<ReturnType<typeof builtWidget>>
  let browser: Awaited<ReturnType<typeof aBrowser>>
  const closers: (() => Promise<unknown>)[] = []

  beforeAll(async () => {
    dist = await builtWidget()
    browser = await aBrowser()
  }, 120_000)
  afterAll(async () => {
    await browser.close()
    await dist.remove()
  })
  afterEach(async () => {
    for (const close of closers.splice(0)) await close()
  })

  async function open(options: BrowserContextOptions = {}) {
    const server = await standIn({ dist: dist.dist, answer })
    const context = await browser.context(options)
    closers.push(
      () => context.close(),
      () => server.close(),
    )
    const page = await context.newPage()
    const home = `http://127.0.0.1:${server.port}/`
    return { server, page, home, panel: await opened(page, home) }
  }
  return { open }
}

/** What the citizen's words were when they reached the server. */
export const received = (server: StandIn) =>
  server
    .desk()
    .turns.filter((turn) => turn.speaker === 'customer')
    .map((turn) => turn.text)

export function frameOf(page: Page): Frame {
  const frame = page.frames().find((one) => one.url().includes('/widget/panel.html'))
  if (!frame) throw new Error('no panel on this page')
  return frame
}

/** Ends the talk with an agent and asks for a rating of it. */
export async function askToRate(server: StandIn, panel: FrameLocator) {
  const desk = server.desk()
  const rating = { ratingId: randomUUID(), about: 'agent', agentNumber: '1001' } as const
  server.stand(desk, { state: 'closed' })
  server.keep(desk, { speaker: 'system', text: '本次服务已结束，请评价。', rating })
  server.tell.to(desk.conversationId).emit('rating:asked', { ...rating, token: 'a'.repeat(43) })
  await panel.getByText('请评价工号 1001 的服务').waitFor()
}

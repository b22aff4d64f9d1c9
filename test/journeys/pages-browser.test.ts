/**
 * Every page there is, as whoever it is for meets it, in a real Chromium: the console's by its own router, so that a new
 * one cannot be forgotten, and the citizens' ones. On each the same is looked at, by day and in the dark, with every
 * dialog it opens: test/support/page-faults.ts, whether the browser complained, and how much script it took.
 */
import { readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { gzipSync } from 'node:zlib'
import type { Browser, BrowserContextOptions, Page } from 'playwright-core'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { pages } from '../../admin/access.ts'
import type { Role } from '../../contract/staff.ts'
import { aBusyDay, lookedAt, type BusyDay } from '../support/busy-day.ts'
import { aHotline, root, type TestHotline } from '../support/hotline.ts'
import { axeFaults, darkFaults, dialogFaults, namelessFaults, wideFaults } from '../support/page-faults.ts'
import { aColleague, noChromium, openBrowser, openPanel } from '../support/pages.ts'

const mostScriptBytes = 500 * 1024
const desktop = { width: 1366, height: 768 }
const telephone = { width: 375, height: 667 }
/** Pages of charts alone bring what draws them. */
const drawing = /echarts/

type Route = { name: string; path: string; page?: string }
let hotline: TestHotline
let day: BusyDay
let browser: Browser
const packed = new Map<string, number>()

/** By hand, for the few pages that are about one thing, and are somebody's own. */
const reachedFrom: Readonly<Record<string, Role>> = { conversation: 'officer', account: 'agent' }
/** What these see of a page, whoever it is for does not. */
const seenBy: readonly (readonly [name: string, role: Role])[] = [
  ['case', 'supervisor'],
  ['conversations', 'supervisor'],
  ['staff', 'administrator'],
]
function whoseIs(name: string): Role {
  const listed = pages.find((page) => page.name === name)
  const [role] = [...(listed?.roles ?? []), ...(listed?.readers ?? [])]
  return reachedFrom[name] ?? role ?? expect.unreachable(`nobody may open the page ${name}`)
}

/** What the running console knows of its pages. */
async function consoleRoutes(page: Page): Promise<Route[]> {
  return page.evaluate<Route[]>(
    `document.querySelector('#app').__vue_app__.config.globalProperties.$router.getRoutes()
      .filter((route) => route.name && route.name !== 'inside')
      .map(({ name, path, meta }) => ({ name, path, page: meta.page }))`,
  )
}

function addressOf({ name, path }: Route): string {
  const filled = path.replace(/:\w+(\([^)]*\))?\??/g, () => day.ids[name] ?? expect.unreachable(`no ${name} to open`))
  return `${hotline.url}/console${filled}`
}

/** Kilobytes as they travel; every script of the page, whoever loads it. */
async function scriptsOf(page: Page): Promise<{ bytes: number; names: string[] }> {
  const addresses = await page.evaluate<string[]>(
    `performance.getEntriesByType('resource').map(({ name }) => name).filter((name) => name.endsWith('.js'))`,
  )
  let bytes = 0
  const names = [...new Set(addresses.map((address) => new URL(address).pathname))]
  for (const name of names) {
    const known = packed.get(name) ?? gzipSync(await readFile(join(root, 'dist', name))).length
    packed.set(name, known)
    bytes += known
  }
  return { bytes, names }
}

async function settled(page: Page): Promise<void> {
  const isSettled = () =>
    page.evaluate<boolean>(`Boolean(document.querySelector('h1')) && !/正在(读取|打开)/.test(document.body.innerText)`)
  await expect.poll(isSettled, { timeout: 30_000, interval: 40, message: `${page.url()} settles` }).toBe(true)
}

/** @returns what the browser complained of since the last look. */
function complaints(page: Page): () => string[] {
  const heard: string[] = []
  page.on('console', (message) => {
    if (message.type() === 'error') heard.push(`console: ${message.text()} ${message.location().url}`)
  })
  page.on('pageerror', (error) => heard.push(`error: ${error.message}`))
  return () => heard.splice(0)
}

/**
 * What has the focus, and whether a line around it, or around what is drawn in its place, stands in sight. Between the
 * last stop and the first nothing of the page has it.
 */
const focused = `(() => {
  const e = document.activeElement
  const drawn = [e, e.nextElementSibling, e.closest('.el-input__wrapper')].filter(Boolean)
  const isSeen = drawn.some((one) => {
    const { width, height, top, bottom } = one.getBoundingClientRect()
    const isMarked = getComputedStyle(one).outlineStyle !== 'none' || one.matches('.el-input__wrapper.is-focus')
    return isMarked && width > 2 && height > 2 && bottom > 0 && top < innerHeight
  })
  return { what: e.outerHTML.slice(0, 120), isSeen: isSeen || e === document.body }
})()`

async function faultsOf(page: Page): Promise<string[]> {
  return [...(await namelessFaults(page)), ...(await wideFaults(page)), ...(await axeFaults(page))]
}

describe.skipIf(noChromium)('every page', () => {
  beforeAll(async () => {
    const env = { QUEUE_MODE: 'claim', BUREAU_NAME: '淮北市医疗保障局', BUREAU_CITY: '340600' }
    hotline = await aHotline({ env, now: () => lookedAt })
    day = await aBusyDay(hotline)
    browser = await openBrowser()
  })
  afterAll(async () => {
    await browser.close()
    day.close()
    await hotline.close()
  })

  it('of the console is sound for whoever it is for, and light', async () => {
    const faults: string[] = []
    const consoles = new Map<Role, { page: Page; heard: () => string[] }>()
    const open = async (role: Role) => {
      const known = consoles.get(role)
      if (known) return known
      const { page } = await aColleague(browser, hotline.url, day.person(role))
      const one = { page, heard: complaints(page) }
      consoles.set(role, one)
      return one
    }
    const routes = (await consoleRoutes((await open('agent')).page)).filter(({ page }) => page !== undefined)
    expect(routes.length).toBeGreaterThan(40)
    const dialogs = new Set<string>()
    const visits = [
      ...routes.map((route) => ({ route, role: whoseIs(route.page ?? '') })),
      ...routes.flatMap((route) => seenBy.flatMap(([name, role]) => (name === route.name ? [{ route, role }] : []))),
    ]
    for (const { route, role } of visits) {
      const { page, heard } = await open(role)
      await page.goto(addressOf(route))
      await settled(page)
      const charts = page.locator('figure.chart')
      const hasCharts = (await charts.count()) > 0
      if (hasCharts) await charts.first().scrollIntoViewIfNeeded()
      if (hasCharts) await charts.locator('svg').first().waitFor()
      const { bytes, names } = await scriptsOf(page)
      const told = [
        ...(new URL(page.url()).pathname === new URL(addressOf(route)).pathname ? [] : [`led to ${page.url()}`]),
        ...(bytes > mostScriptBytes ? [`${Math.round(bytes / 1024)} kB of script`] : []),
        ...(hasCharts ? [] : names.filter((name) => drawing.test(name)).map((name) => `${name} and no chart`)),
        ...(await faultsOf(page)),
        ...(await darkFaults(page)),
        ...(await dialogFaults(page, dialogs)),
        ...heard(),
      ]
      faults.push(...told.map((fault) => `${route.path} (${role}): ${fault}`))
    }
    expect(faults).toEqual([])
    expect(dialogs.size, [...dialogs].join('，')).toBeGreaterThan(20)
  }, 240_000)

  it('of an agent shows at every step of the Tab key where it stands', async () => {
    const { page, close } = await aColleague(browser, hotline.url, day.person('agent'))
    await page.goto(addressOf({ name: 'desk', path: '/desk/:conversationId?' }))
    await settled(page)
    const steps: { what: string; isSeen: boolean }[] = []
    for (let n = 0; n < 30; n++) {
      await page.keyboard.press('Tab')
      steps.push(await page.evaluate<{ what: string; isSeen: boolean }>(focused))
    }
    expect(steps.filter(({ isSeen }) => !isSeen)).toEqual([])
    expect(new Set(steps.map(({ what }) => what)).size).toBeGreaterThan(15)
    await close()
  })

  it('outside is sound at a desk and on a telephone', async () => {
    const faults: string[] = []
    const paths = ['/', '/policy', `/policy/${day.policy}`, '/topics', '/public', `/rate/${day.ratingToken}`]
    const doors = [`/rate/window/${day.window}`, '/console/sign-in', '/console/set-up?token=not-a-token']
    for (const viewport of [desktop, telephone]) {
      const context = await browser.newContext({ viewport, locale: 'zh-CN' })
      const page = await context.newPage()
      const heard = complaints(page)
      for (const path of [...paths, ...doors]) {
        await page.goto(`${hotline.url}${path}`)
        await settled(page)
        const told = viewport === desktop ? await faultsOf(page) : await wideFaults(page)
        faults.push(...[...told, ...heard()].map((fault) => `${path} at ${viewport.width}: ${fault}`))
      }
      await context.close()
    }
    expect(faults).toEqual([])
  }, 120_000)

  it('that enrols a second factor is sound', async () => {
    const who = await hotline.aMember('security')
    const { page, close } = await aColleague(browser, hotline.url, who)
    await page.goto(`${hotline.url}/console/account`)
    await page.getByLabel('先填写当前密码').fill(who.password)
    await page.getByTestId('begin-totp').click()
    await page.getByTestId('totp-secret').waitFor()
    expect(await faultsOf(page)).toEqual([])
    await close()
  })

  it.each<[string, BrowserContextOptions, elder: string | undefined]>([
    ['by day', { viewport: desktop }, undefined],
    ['in the dark', { viewport: desktop, colorScheme: 'dark' }, undefined],
    ['in 长辈版 on a telephone', { viewport: telephone, hasTouch: true }, '30'],
    [
      'at 200 % in the colours of the system',
      { viewport: { width: 683, height: 384 }, forcedColors: 'active' },
      undefined,
    ],
  ])('of the widget is sound %s', async (_, options, elder) => {
    const context = await browser.newContext({ locale: 'zh-CN', ...options })
    const page = await context.newPage()
    const heard = complaints(page)
    if (elder) {
      await page.goto(hotline.url)
      await page.evaluate(`localStorage.setItem('budayang:elder', '${elder}')`)
    }
    const panel = await openPanel(page, hotline.url)
    await panel.getByRole('textbox').fill('新生儿怎么参保')
    await panel.getByRole('textbox').press('Enter')
    await panel.getByText('您问的是：').waitFor()
    const frame =
      page.frames().find((one) => one.url().includes('/widget/panel.html')) ?? expect.unreachable('no panel')
    const inSight = await frame.evaluate<
      string[]
    >(`[...document.querySelectorAll('header button, .composer :is(textarea, button)')]
      .filter((e) => { const { top, bottom, left, right } = e.getBoundingClientRect()
        return !e.checkVisibility() || top < 0 || left < 0 || bottom > innerHeight + 1 || right > innerWidth + 1 })
      .map((e) => 'out of sight: ' + (e.getAttribute('aria-label') ?? e.textContent))`)
    expect([...inSight, ...(await wideFaults(frame)), ...(await axeFaults(frame)), ...heard()]).toEqual([])
    await context.close()
  })
})

/** 码上查 and 政策地图: what is published, as pages for whoever scans a code; nothing else, and nothing that runs. */
import { afterAll, beforeAll, expect, it } from 'vitest'
import { policyPage } from '../../server/http/policy-pages.ts'
import { aHotline, type TestHotline } from '../support/hotline.ts'
import { noChromium, openBrowser } from '../support/pages.ts'

let hotline: TestHotline
beforeAll(async () => {
  hotline = await aHotline()
})
afterAll(() => hotline.close())

const get = async (path: string) => {
  const response = await fetch(`${hotline.url}${path}`)
  return { status: response.status, html: await response.text() }
}

it('lists every published entry once, by place and topic, and each has its page', async () => {
  const { html } = await get('/policy')
  const ids = [...html.matchAll(/href="\/policy\/([a-z0-9-]+)"/g)].map(([, id]) => id ?? '')
  const { rows } = await hotline.database.pool.query<{ entry_id: string }>(
    "select distinct entry_id from revision where state = 'published'",
  )
  expect(new Set(ids).size).toBe(ids.length)
  expect(ids.length).toBeGreaterThan(400)
  expect(rows.map(({ entry_id }) => entry_id)).toEqual(expect.arrayContaining(ids))
  for (const place of ['全国', '淮北市', '吕梁市']) expect(html).toContain(`>${place}</h2>`)
  const some = [ids[0], ids[200], ids.at(-1)]
  for (const id of some) {
    const page = await get(`/policy/${id}`)
    expect(page.status).toBe(200)
    expect(page.html).toContain('<h2>依据</h2>')
    expect(page.html).toContain(`${hotline.url}/policy/${id}`)
    expect(page.html).toMatch(/<svg[^>]*>/)
  }
})

it('has no page for what is not published', async () => {
  expect((await get('/policy/no-such-entry')).status).toBe(404)
  expect((await get('/policy/..%2f..%2fetc')).status).toBe(400)
})

it('shows text as text', async () => {
  const trap = '<img src=x onerror=alert(1)>"'
  const html = await policyPage(trap, {
    answer: {
      outcome: 'answer',
      score: 1,
      entry: { id: 'a', revision: 'b', question: trap },
      answer: {
        ...{ text: trap, spoken: trap, validFrom: '2026-01-01', example: true },
        sources: [{ title: trap, url: 'https://example.org/"><script>' }],
        guide: { materials: [trap], fee: trap },
      },
    },
    ...{ url: `http://a/${trap}`, day: '2026-11-22' },
  })
  expect(html).not.toContain('<img')
  expect(html).not.toContain('"><script>')
  expect(html.match(/&lt;img src=x/g)?.length).toBeGreaterThanOrEqual(7)
})

it.skipIf(noChromium)('opens the chat with the question in place, for the citizen to send', async () => {
  const browser = await openBrowser()
  try {
    const page = await browser.newPage({ viewport: { width: 1280, height: 900 } })
    await page.goto(`${hotline.url}/policy/nat-enrol-newborn`)
    const question = await page.locator('h1').innerText()
    await page.getByRole('button', { name: '问一问' }).click()
    const field = page.frameLocator('budayang-widget >> iframe').locator('#write')
    await field.waitFor()
    expect(await field.inputValue()).toBe(question)
    expect(await page.evaluate('document.documentElement.scrollWidth <= innerWidth')).toBe(true)
    await page.close()
  } finally {
    await browser.close()
  }
})

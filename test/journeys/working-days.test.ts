import { afterAll, beforeAll, expect, it } from 'vitest'
import { aHotline, type TestHotline } from '../support/hotline.ts'
import { ask } from '../support/http-client.ts'

let hotline: TestHotline
beforeAll(async () => {
  hotline = await aHotline()
})
afterAll(() => hotline.close())

it('tells the due day for a city by its name, its short name and its code', async () => {
  for (const city of ['340600', encodeURIComponent('淮北'), encodeURIComponent('淮北市')])
    expect(await ask(hotline.url, 'GET', `/api/working-days/due?from=2026-09-28&days=5&city=${city}`)).toMatchObject({
      status: 200,
      body: { due: '2026-10-10', provisional: false },
    })
})

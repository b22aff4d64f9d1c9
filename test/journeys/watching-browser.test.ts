/** What the system tells its own people, and what an agent proves of a citizen, as they meet it in the console. */
import type { Browser, Page } from 'playwright-core'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { openKeyRing } from '../../server/key-ring.ts'
import { aHotline, type TestHotline } from '../support/hotline.ts'
import { ask, signedIn } from '../support/http-client.ts'
import { aColleague, noChromium, openBrowser, picture } from '../support/pages.ts'
import { aVisitor, until } from '../support/socket-clients.ts'

let hotline: TestHotline
let browser: Browser
let aheadMs = 0
const now = () => new Date(Date.now() + aheadMs)
const mine = (id: string) => `[data-testid="my-row"][data-conversation="${id}"]`
async function take(page: Page, id: string): Promise<void> {
  await page.locator(`[data-conversation="${id}"]`).getByRole('button', { name: /^接待/ }).click()
  await page.locator(mine(id)).waitFor()
}

describe.skipIf(noChromium)('in a real browser', () => {
  beforeAll(async () => {
    const env = { QUEUE_MODE: 'claim', BUREAU_NAME: '淮北市医疗保障局', BUREAU_CITY: '340600' }
    hotline = await aHotline({ env, now })
    browser = await openBrowser()
  })
  afterAll(async () => {
    await browser.close()
    await hotline.close()
  })

  it('a supervisor hears at the desk that somebody waits too long, finds it among the alerts, and sees it away', async () => {
    const { page, close } = await aColleague(browser, hotline.url, await hotline.aMember('supervisor'))
    await page.getByText('在线', { exact: true }).first().click()
    const citizen = await aVisitor(hotline.url)
    await until(() => hotline.io.of('/agent').sockets.size > 0, 'a desk')
    await citizen.must('person:ask', {})
    const row = page.getByTestId('waiting-row')
    await row.waitFor()
    aheadMs = 130_000
    await hotline.queue.tellLate()
    await page.getByText('还没有人接待').first().waitFor()
    aheadMs = 200_000
    await hotline.queue.tellLate()
    await page.locator('.el-message--error').waitFor()
    await picture(page, 'late-desk')

    await page.getByTestId('bell').click()
    await page.getByTestId('alerts').getByText('等了 3 分钟还没有人接待').waitFor()
    await page.getByLabel('我的手机号').fill('13900000001')
    await page.getByRole('button', { name: '保存' }).click()
    await page.getByTestId('my-contacts').getByText('139****0001').waitFor()
    await page.getByTestId('bell').getByText('1', { exact: true }).waitFor()
    await picture(page, 'alerts')
    await page.getByTestId('see-all').click()
    await page.getByTestId('bell').getByText('1', { exact: true }).waitFor({ state: 'detached' })
    await citizen.must('queue:leave', {})
    citizen.close()
    await close()
  })

  it('an agent proves a number by a code, and the panel says how', async () => {
    const { page, close } = await aColleague(browser, hotline.url, await hotline.aMember('agent'))
    await page.getByText('在线', { exact: true }).first().click()
    const citizen = await aVisitor(hotline.url)
    const { conversationId } = await citizen.must('person:ask', {})
    await take(page, conversationId)
    await page.getByTestId('verify').click()
    const dialog = page.getByRole('dialog', { name: '核对身份' })
    await dialog.getByLabel('电话号码').fill('13700137020')
    await dialog.getByText('发短信验证码').click()
    await dialog.getByTestId('send-code').click()
    await dialog.getByText('没有接短信平台').waitFor()
    await dialog.getByLabel('验证码', { exact: true }).fill('000000')
    await page.getByTestId('confirm-person').click()
    await dialog.getByText('验证码不对').waitFor()
    await picture(page, 'person-code')
    const { rows } = await hotline.database.pool.query<{ text_sealed: string }>(
      `select text_sealed from outbox_message where kind = 'verify_code'`,
    )
    const sent = openKeyRing(hotline.config).open(rows[0]?.text_sealed ?? '')
    await dialog.getByLabel('验证码', { exact: true }).fill(/\d{6}/.exec(sent)?.[0] ?? '')
    await page.getByTestId('confirm-person').click()
    await page.getByText('短信验证码').first().waitFor()
    citizen.close()
    await close()
  })

  it('a console that was away while three things were said and the conversation changed hands is right without a reload', async () => {
    const { page, close } = await aColleague(browser, hotline.url, await hotline.aMember('agent'))
    await page.getByText('在线', { exact: true }).first().click()
    const citizen = await aVisitor(hotline.url)
    const { conversationId } = await citizen.must('person:ask', {})
    await take(page, conversationId)
    await page.getByTestId('thread').waitFor()
    await page.context().setOffline(true)
    await page.getByTestId('reconnecting').waitFor()
    const said = ['还有一件事', '孩子是外地户口', '要不要出生证']
    for (const text of said) await citizen.say(text)
    const lead = await signedIn(hotline.url, await hotline.aMember('supervisor'))
    expect((await lead.post(`/api/conversations/${conversationId}/take-over`, { reason: '我来办' })).status).toBe(200)
    await page.context().setOffline(false)
    const thread = page.getByTestId('thread')
    for (const text of said) await thread.getByText(text, { exact: true }).waitFor()
    for (const text of said) expect(await thread.getByText(text, { exact: true }).count()).toBe(1)
    await page.locator(mine(conversationId)).waitFor({ state: 'detached' })
    citizen.close()
    await close()
  })

  it('an administrator makes a key that opens the orders, looks at the jobs, and sets who is first on the web', async () => {
    const { page, close } = await aColleague(browser, hotline.url, await hotline.aMember('administrator'))
    await page.goto(`${hotline.url}/console/settings`)
    await page.getByRole('link', { name: '接口密钥' }).click()
    await page.getByLabel('密钥名称').fill('12345 平台')
    await page.getByRole('button', { name: '新建密钥' }).click()
    const key = await page.getByTestId('made-key').innerText()
    await picture(page, 'keys')
    const results = await ask(hotline.url, 'GET', '/api/v1/work-order-results', undefined, {
      authorization: `Bearer ${key}`,
    })
    expect(results).toMatchObject({ status: 200, body: { results: [] } })
    await page.getByRole('button', { name: '已经存好' }).click()
    expect(await page.getByText(key).count()).toBe(0)

    await page.goto(`${hotline.url}/console/settings/jobs`)
    await page.getByText('没有失败的任务').waitFor()
    await page.getByTestId('job-queues').waitFor()
    await picture(page, 'jobs')
    await page.goto(`${hotline.url}/console/lines`)
    await page.getByRole('heading', { name: /网页/ }).waitFor()
    await picture(page, 'lines')
    await close()
  })
})

/** What protects the hotline as people meet it: the second factor, three administrators, a reason, a citizen who leaves. */
import { Secret, TOTP } from 'otpauth'
import type { Browser, Page } from 'playwright-core'
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest'
import { aHotline, aPassword, type TestHotline } from '../support/hotline.ts'
import { ask } from '../support/http-client.ts'
import { aCitizen, aColleague, noChromium, openBrowser, picture } from '../support/pages.ts'
import { aVisitor } from '../support/socket-clients.ts'

let hotline: TestHotline
let browser: Browser
/** How far the hotline's clock is ahead of ours. */
let waitedMs = 0
const open: { close: () => Promise<void> }[] = []
const opened = <T extends { close: () => Promise<void> }>(one: T): T => {
  open.push(one)
  return one
}
const colleague = async (who: { name: string; password: string }) =>
  opened(await aColleague(browser, hotline.url, who)).page
const goTo = (page: Page, path: string) => page.goto(`${hotline.url}/console/${path}`)
const codeAt = (secret: string, at: number) =>
  new TOTP({ secret: Secret.fromBase32(secret), algorithm: 'SHA1', digits: 6, period: 30 }).generate({ timestamp: at })

describe.skipIf(noChromium)('in a real browser', () => {
  beforeAll(async () => {
    const env = { BUREAU_NAME: '淮北市医疗保障局', BUREAU_CITY: '340600' }
    hotline = await aHotline({ env, now: () => new Date(Date.now() + waitedMs) })
    browser = await openBrowser()
  })
  afterEach(async () => {
    for (const one of open.splice(0)) await one.close()
  })
  afterAll(async () => {
    await browser.close()
    await hotline.close()
  })

  it('a second factor is enrolled by a QR code, and asked for at the next sign-in', async () => {
    const who = await hotline.aMember('security')
    const page = await colleague(who)
    await page.getByRole('link', { name: '账号安全' }).click()
    await page.getByLabel('先填写当前密码').fill(who.password)
    await page.getByTestId('begin-totp').click()
    await page.getByRole('img', { name: '用验证器扫描的二维码' }).waitFor()
    await picture(page, 'security-enrol')
    const secret = (await page.getByTestId('totp-secret').innerText()).replaceAll(' ', '')
    await page.getByLabel('2. 填写验证器显示的 6 位验证码').fill(codeAt(secret, Date.now()))
    await page.getByTestId('confirm-totp').click()
    const codes = page.getByTestId('recovery-codes').getByRole('listitem')
    const recovery = await codes.first().innerText()
    expect(await codes.count()).toBe(10)
    await picture(page, 'security-recovery-codes')
    await page.getByRole('button', { name: '已保存好' }).click()

    const outside = await opened(
      await browser.newContext({ locale: 'zh-CN', viewport: { width: 1280, height: 800 } }),
    ).newPage()
    await goTo(outside, 'sign-in')
    await outside.getByLabel('登录名').fill(who.name)
    await outside.getByLabel('密码', { exact: true }).fill(who.password)
    await outside.getByRole('button', { name: '登录' }).click()
    await outside.getByLabel('验证码').fill('123')
    await outside.getByRole('button', { name: '登录' }).click()
    await outside.getByText('验证码不对，或已经用过').waitFor()
    await picture(outside, 'security-sign-in')
    await outside.getByLabel('验证码').fill(recovery)
    await outside.getByRole('button', { name: '登录' }).click()
    await outside.getByRole('heading', { name: '安全', exact: true }).waitFor()
    await picture(outside, 'security')
  })

  it('a screen that is left alone warns, lets whoever comes back stay, and signs out when nobody does', async () => {
    const page = await colleague(await hotline.aMember('auditor'))
    await page.clock.install()
    const leave = async (minutes: number) => {
      waitedMs += minutes * 60_000
      await page.clock.fastForward(minutes * 60_000)
    }
    await page.reload()
    await page.getByTestId('who-am-i').waitFor()
    await leave(13.2)
    await page.getByTestId('idle-warning').getByText('后将自动退出登录').waitFor()
    await picture(page, 'security-idle')
    await page.keyboard.press('Shift')
    await page.clock.runFor(2_000)
    await page.getByTestId('idle-warning').waitFor({ state: 'hidden' })
    await leave(10)
    await page.reload()
    await page.getByTestId('who-am-i').waitFor()
    await leave(5.2)
    await page.getByText('登录已过期，请重新登录。').waitFor()
  })

  it('the security administrator grants a role, the system administrator stops an account, each only their part', async () => {
    const agent = await hotline.aMember('agent')
    const security = await colleague(await hotline.aMember('security'))
    await goTo(security, 'staff')
    await security.getByRole('button', { name: `管理 ${agent.name} 的账号` }).click()
    const dialog = security.getByTestId('manage-staff')
    await dialog.getByText('知识编辑').click()
    await picture(security, 'security-roles')
    await dialog.getByTestId('keep-roles').click()
    await security.getByRole('row', { name: agent.name }).getByText('坐席、知识编辑').waitFor()

    const admin = await colleague({ name: 'admin', password: aPassword })
    await goTo(admin, 'staff')
    await admin.getByRole('button', { name: `管理 ${agent.name} 的账号` }).click()
    await admin.getByText('角色由安全管理员更改。').waitFor()
    await admin.getByTestId('reset-password').click()
    await admin.getByText('原密码马上作废').waitFor()
    await admin.getByRole('button', { name: '重置密码' }).last().click()
    await admin.getByLabel('设置密码的链接').waitFor()
    await picture(admin, 'security-reset')
    await admin.keyboard.press('Escape')
    await picture(admin, 'staff')
    await goTo(admin, 'settings')
    await admin.getByRole('link', { name: '保存期限' }).click()
    await admin.getByTestId('retention').getByText('180 天').first().waitFor()
    await picture(admin, 'retention')
    await goTo(admin, 'settings')
    await admin.getByRole('heading', { name: '设置' }).waitFor()
    await picture(admin, 'settings')
  })

  it('a number is shown for a reason, and the auditor finds the reason and checks the chain', async () => {
    const citizen = await aVisitor(hotline.url)
    await citizen.must('complaint:file', { text: '窗口没有人', contact: '13912345678' })
    citizen.close()
    const officer = await colleague(await hotline.aMember('officer'))
    await goTo(officer, 'cases')
    await officer.getByRole('table').getByRole('link').first().click()
    await officer.getByRole('button', { name: '查看完整号码' }).click()
    await officer.getByTestId('confirm-unmask').click()
    await officer.getByText('请选择理由').waitFor()
    await picture(officer, 'security-reason')
    await officer.getByTestId('unmask-dialog').getByText('核实投诉内容').click()
    await officer.getByTestId('confirm-unmask').click()
    await officer.getByText('13912345678').waitFor()

    const auditor = await colleague(await hotline.aMember('auditor'))
    await auditor.getByTestId('audit').getByText('理由：核实投诉内容').waitFor()
    await picture(auditor, 'audit')
    await auditor.getByRole('link', { name: '核验全部记录' }).click()
    await auditor.getByTestId('check-chain').click()
    await auditor.getByText(/已核验 \d+ 行，全部完整/).waitFor()
    await picture(auditor, 'audit-check')
  })

  it('a citizen takes a copy home and has the rest deleted', async () => {
    const { page, panel, ask: say } = opened(await aCitizen(browser, hotline.url))
    await say('我住在告别胡同，新生儿怎么参保')
    await panel.getByText('您问的是').first().waitFor()
    const token = await page.evaluate<string>(`JSON.parse(localStorage.getItem('budayang:token'))`)
    await panel.getByRole('button', { name: '更多服务' }).click()
    await picture(page, 'widget-own-records')
    await panel.getByRole('button', { name: '导出我的记录' }).click()
    const [file] = await Promise.all([
      page.waitForEvent('download'),
      panel.getByRole('button', { name: '导出', exact: true }).click(),
    ])
    expect(file.suggestedFilename()).toBe('我的咨询记录.html')
    await panel.getByRole('button', { name: '更多服务' }).click()
    await panel.getByRole('button', { name: '删除我的记录' }).click()
    await picture(page, 'widget-erase')
    await panel.getByRole('button', { name: '删除', exact: true }).click()
    await panel.getByText('您的记录已删除。').waitFor()
    expect(await panel.getByText('告别胡同').count()).toBe(0)
    expect((await ask(hotline.url, 'POST', '/api/visitors/records', { token })).status).toBe(404)

    const security = await colleague(await hotline.aMember('security'))
    await goTo(security, 'security/data-requests')
    await security.getByTestId('data-requests').getByText('删除').waitFor()
    await picture(security, 'data-requests')
    await security.getByTestId('new-data-request').click()
    await picture(security, 'data-request')
  })
})

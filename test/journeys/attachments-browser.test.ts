/** A citizen shows a paper to the person on the line: two pages of a real Chromium, and the file between them. */
import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { Browser } from 'playwright-core'
import sharp from 'sharp'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { aHotline, type TestHotline } from '../support/hotline.ts'
import { aCitizen, aColleague, noChromium, openBrowser, picture } from '../support/pages.ts'

let hotline: TestHotline
let browser: Browser
let folder: string

const aCard = `<svg width="1280" height="820" xmlns="http://www.w3.org/2000/svg"><rect width="1280" height="820" fill="#dfeef0"/>
<rect x="60" y="60" width="1160" height="700" rx="36" fill="#fff" stroke="#0f6d66" stroke-width="6"/>
<text x="120" y="200" font-size="64" font-family="Noto Sans CJK SC">门诊收费票据</text>
<text x="120" y="340" font-size="44" font-family="Noto Sans CJK SC">金额 128.50 元</text></svg>`

describe.skipIf(noChromium)('a picture', () => {
  beforeAll(async () => {
    folder = await mkdtemp(join(tmpdir(), 'budayang-files-'))
    await sharp(Buffer.from(aCard)).jpeg().toFile(join(folder, '票据.jpg'))
    await writeFile(join(folder, '照片.jpg'), 'MZ\u0090\0 this is a program')
    await writeFile(join(folder, '申请表.pdf'), '%PDF-1.7\n%%EOF')
    hotline = await aHotline({ env: { QUEUE_MODE: 'claim', BUREAU_NAME: '淮北市医疗保障局', BUREAU_CITY: '340600' } })
    browser = await openBrowser()
  })
  afterAll(async () => {
    await browser.close()
    await hotline.close()
    await rm(folder, { recursive: true })
  })

  it('goes from the panel to the desk, where it is looked at large; what is no picture is refused in words', async () => {
    const { page: desk } = await aColleague(browser, hotline.url, await hotline.aMember('agent'))
    await desk.getByTestId('presence').getByText('在线', { exact: true }).click()
    await desk.getByText('1 位坐席在线').waitFor()
    const { page, panel, ask } = await aCitizen(browser, hotline.url)
    const attach = panel.getByRole('button', { name: '发图片或 PDF' })
    await ask('你好')
    await panel.getByText('医保政策的事您尽管问').last().waitFor()
    expect(await attach.count()).toBe(0)
    await ask('转人工')
    await attach.waitFor()
    await desk.getByTestId('waiting-row').getByRole('button', { name: '接待' }).click()
    await panel.getByText('为您服务').last().waitFor()

    const choose = (name: string) => panel.locator('input[type=file]').setInputFiles(join(folder, name))
    await choose('照片.jpg')
    await panel.getByText('只能发 JPG 或 PNG 图片、PDF 文件，这个文件不是').waitFor()
    await picture(page, 'widget-refused-file')
    await panel.getByRole('button', { name: '删除', exact: true }).click()
    await choose('票据.jpg')
    await panel.getByRole('log').getByText('票据.jpg').waitFor()
    await choose('申请表.pdf')
    await panel.getByRole('log').getByText('申请表.pdf').waitFor()
    await picture(page, 'widget-file')

    const thumb = desk.getByRole('img', { name: '市民发来的图片：票据.jpg' })
    await expect.poll(() => thumb.evaluate((shown) => Reflect.get(shown, 'naturalWidth') as number)).toBe(480)
    expect(await desk.getByRole('link', { name: /申请表\.pdf/ }).getAttribute('download')).toBe('申请表.pdf')
    await picture(desk, 'console-file')
    await desk.getByRole('button', { name: /放大.*票据\.jpg/ }).press('Enter')
    const large = desk.getByTestId('large-picture').getByRole('img', { name: /票据/ })
    await expect.poll(() => large.evaluate((shown) => Reflect.get(shown, 'naturalWidth') as number)).toBe(1_280)
    await picture(desk, 'console-file-large')
    await desk.keyboard.press('Escape')
    await large.waitFor({ state: 'hidden' })

    await desk.locator('input[type=file]').setInputFiles(join(folder, '申请表.pdf'))
    const saved = page.waitForEvent('download')
    await panel.getByRole('log').getByRole('button', { name: '保存' }).click()
    expect((await saved).suggestedFilename()).toBe('申请表.pdf')
    await picture(page, 'widget-file-from-agent')
  }, 90_000)
})

/** What the panel shows and takes, in a real browser. */
import { randomUUID } from 'node:crypto'
import { describe, expect, it } from 'vitest'
import { ask, noChromium } from './browser.ts'
import { askToRate, frameOf, panelBench, received } from './panel-bench.ts'

describe.skipIf(noChromium)('the panel', () => {
  const bench = panelBench()

  it('answers a pressed question with a card: what was understood, the guide, what it rests on', async () => {
    const { panel } = await bench.open()
    await panel.getByRole('button', { name: '异地就医怎么备案？' }).click()
    const card = panel.locator('.card')
    await card.getByText('您问的是：').waitFor()
    expect(await card.innerText()).toContain('医保发〔2022〕22号，第三条，2022年6月30日')
    expect(await card.innerText()).toContain('随附示例，待本单位审核')
    expect(await panel.getByText('智能客服正在查找').count()).toBe(0)
    expect(await card.getByText('不收费').isVisible()).toBe(false)
    await card.getByText('办理指南').click()
    expect(await card.getByText('不收费').isVisible()).toBe(true)
    await card.getByRole('button', { name: '没解决' }).click()
    await card.getByText('已记下：没解决').waitFor()
    expect(await card.getByRole('button', { name: '转人工' }).isVisible()).toBe(true)
  })

  it('sends the question of a pressed choice', async () => {
    const { server, panel } = await bench.open()
    await ask(panel, '怎么报销？')
    await panel.getByRole('button', { name: '住院报销比例是多少？' }).click()
    await expect.poll(() => received(server)).toEqual(['怎么报销？', '住院报销比例是多少？'])
  })

  it('shows the place in the queue, lets one leave it, and names the agent who comes', async () => {
    const { server, panel } = await bench.open()
    await ask(panel, '怎么报销？')
    await panel.getByText('您想问的是').waitFor()
    await panel.getByRole('button', { name: '人工', exact: true }).click()
    await panel.getByText('排在第 2 位').waitFor()
    await panel.getByText('约等 3 分钟').waitFor()
    await panel.getByText('可先离开，叫到您会提醒').waitFor()
    await panel.getByRole('button', { name: '取消排队' }).click()
    await panel.getByText('已取消排队').waitFor()
    server.stand(server.desk(), { state: 'agent', agentNumber: '1001' })
    await panel.getByText('工号 1001 为您服务').waitFor()
  })

  it('takes one rating, with nothing chosen beforehand and the reasons of the chosen level', async () => {
    const { server, panel } = await bench.open()
    await ask(panel, '怎么报销？')
    await panel.getByText('您想问的是').waitFor()
    await askToRate(server, panel)
    expect(await panel.locator('input[type=radio]').count()).toBe(5)
    expect(await panel.locator('input[type=radio]:checked').count()).toBe(0)
    expect(await panel.getByRole('button', { name: '提交评价' }).count()).toBe(0)
    await panel.getByText('满意', { exact: true }).click()
    await panel.getByText('态度较好').click()
    await panel.getByText('非常不满意').click()
    expect(await panel.locator('input[type=checkbox]:checked').count()).toBe(0)
    await panel.getByText('多次往返').click()
    await panel.getByRole('button', { name: '提交评价' }).click()
    await panel.getByText('已收到您的评价：非常不满意').waitFor()
    await panel.getByText('CP-20261122-0007').waitFor()
    expect(await panel.getByRole('button', { name: '提交评价' }).count()).toBe(0)
  })

  it('lets one rate an earlier part that no card asks for, once, from the menu', async () => {
    const { server, panel } = await bench.open()
    await ask(panel, '怎么报销？')
    await panel.getByText('您想问的是').waitFor()
    const menu = panel.getByRole('button', { name: '更多服务' })
    const item = panel.getByRole('button', { name: '评价之前的服务' })
    await askToRate(server, panel)
    await menu.click()
    await panel.getByRole('button', { name: '预约回电' }).waitFor()
    expect(await item.count()).toBe(0)
    await menu.click()

    const { conversationId } = server.desk()
    const quiet = { token: 'b'.repeat(43), quiet: true }
    server.tell.to(conversationId).emit('rating:asked', { ...quiet, ratingId: randomUUID(), about: 'bot' })
    const byAgent = { ...quiet, ratingId: randomUUID(), about: 'agent', agentNumber: '1002' } as const
    server.tell.to(conversationId).emit('rating:asked', byAgent)
    await menu.click()
    await item.click()
    const [bot, agent] = ['智能客服的服务', '工号 1002 的服务'].map((title) =>
      panel.locator('.sheet form', { hasText: title }),
    )
    await agent?.waitFor()
    await bot?.getByText('不满意', { exact: true }).click()
    await bot?.getByText('答非所问').click()
    await bot?.getByRole('button', { name: '提交评价' }).click()
    await panel.locator('.sheet').getByText('CP-20261122-0007').waitFor()

    await panel.getByRole('button', { name: '返回' }).click()
    expect(await panel.locator('.thread form.rating').count()).toBe(1)
    await menu.click()
    await item.click()
    await agent?.getByText('满意', { exact: true }).click()
    expect(await panel.locator('.sheet .rating, .sheet .rated').count()).toBe(1)
    await agent?.getByRole('button', { name: '提交评价' }).click()
    await panel.locator('.sheet .rated').waitFor()
    await panel.getByRole('button', { name: '返回' }).click()
    await menu.click()
    await panel.getByRole('button', { name: '预约回电' }).waitFor()
    expect(await item.count()).toBe(0)
  })

  it('files a complaint, with the refusal of a field beside the field', async () => {
    const { panel } = await bench.open()
    await panel.getByRole('button', { name: '更多服务' }).click()
    await panel.getByRole('button', { name: '投诉' }).click()
    await panel.getByRole('button', { name: '提交投诉' }).click()
    await panel.getByText('请填写这一项').waitFor()
    await panel.getByLabel('投诉内容').fill('窗口让我跑了三趟')
    await panel.getByLabel('联系电话').fill('138')
    await panel.getByRole('button', { name: '提交投诉' }).click()
    await panel.getByText('请先勾选同意').waitFor()
    await panel.getByText('同意仅为办理本次投诉使用这个号码').click()
    await panel.getByRole('button', { name: '提交投诉' }).click()
    await panel.locator('#phone-fault', { hasText: '请填写 11 位手机号' }).waitFor()
    await panel.getByLabel('联系电话').fill('138 0000 1234')
    await panel.getByRole('button', { name: '提交投诉' }).click()
    await panel.getByText('TS-20261122-0003').waitFor()
    await panel.getByText('2026年12月9日前').waitFor()
  })

  it('books a callback', async () => {
    const { panel } = await bench.open()
    await panel.getByRole('button', { name: '更多服务' }).click()
    await panel.getByRole('button', { name: '预约回电' }).click()
    await panel.getByLabel('联系电话').fill('13800001234')
    await panel.getByText('同意仅为本次回电使用这个号码').click()
    await panel.getByRole('button', { name: '预约回电' }).click()
    await panel.getByText('最晚 2026年11月23日 10:00 前给您回电').waitFor()
  })

  it('shows tags and links in anybody’s words as words', async () => {
    const { server, page, panel } = await bench.open()
    const bad = '<img src=x onerror="window.hacked=1"><script>window.hacked=1</script>[a](javascript:alert(1))'
    await ask(panel, bad)
    await panel.getByText('请换个说法再问').waitFor()
    server.keep(server.desk(), { speaker: 'bot', text: bad, choices: [{ id: 'x', question: bad }] })
    server.agentSays(server.desk(), `${bad} 完`)
    await panel.locator('.turn.agent').waitFor()
    expect(await panel.locator('.bubble', { hasText: '<img src=x' }).count()).toBe(3)
    expect(await panel.locator('img, .thread a, .thread script').count()).toBe(0)
    expect(await frameOf(page).evaluate('window.hacked')).toBeUndefined()
  })

  it('hides an ID number and a telephone number in what the citizen wrote', async () => {
    const { panel } = await bench.open()
    await ask(panel, '我的身份证340602199001011234，电话13856781234')
    const bubble = panel.locator('.turn.customer .bubble')
    await bubble.waitFor()
    expect(await bubble.innerText()).toBe('我的身份证340602********1234，电话138****1234')
  })
})

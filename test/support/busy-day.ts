/**
 * A hotline in the middle of an ordinary day: somebody of every role, and something on every page, in the states that
 * pages have to show. Built through the doors, as people would.
 */
import { randomUUID } from 'node:crypto'
import { roles, type Role } from '../../contract/staff.ts'
import { aHistory, keepHistory, lookedAt } from '../desk/figure-history.ts'
import type { TestHotline } from './hotline.ts'
import { signedIn, type HttpClient } from './http-client.ts'
import { orderTable } from './orders.ts'
import { anAgent, aVisitor, until, type Agent, type Visitor } from './socket-clients.ts'
import { aWording } from './wording.ts'

export { lookedAt }
export type BusyDay = Awaited<ReturnType<typeof aBusyDay>>
type Person = Awaited<ReturnType<TestHotline['aMember']>>

/** @param hotline whose clock stands at `lookedAt`. */
export async function aBusyDay(hotline: TestHotline) {
  const { pool } = hotline.database
  await keepHistory(pool, aHistory(7, 240))
  await hotline.reports.writeDue()

  const people = new Map<Role, Person>()
  const clients = new Map<Role, HttpClient>()
  for (const role of roles) {
    const person = await hotline.aMember(role)
    people.set(role, person)
    clients.set(role, await signedIn(hotline.url, person))
  }
  const of = (role: Role) => clients.get(role) ?? fail(`nobody is ${role}`)
  const person = (role: Role) => people.get(role) ?? fail(`nobody is ${role}`)
  const done = async (role: Role, path: string, body: object) => {
    const { status, body: made } = await of(role).post(path, body)
    if (status !== 200) throw new Error(`${path}: ${status} ${JSON.stringify(made)}`)
    return made
  }

  const agent = await anAgent(hotline.url, person('agent'))
  await agent.must('presence:set', { state: 'online' })
  const visitors: Visitor[] = []
  const come = async (...words: string[]) => {
    const visitor = await aVisitor(hotline.url)
    visitors.push(visitor)
    let id = ''
    for (const text of words) id = (await visitor.must('turn:say', { clientId: randomUUID(), text })).conversationId
    return { visitor, id }
  }

  await done('supervisor', '/api/canned', { shared: true, name: '问候', text: '{{称呼}}好，我是工号 {{工号}}。' })
  await done('supervisor', '/api/skills', { name: '异地就医', words: ['异地', '备案', '转诊'] })
  const shift = { day: '2026-11-24', from: '18:00', to: '08:00', staffId: person('agent').staffId, rank: 1 }
  await done('supervisor', '/api/shifts', shift)
  await done('supervisor', '/api/windows', { name: '一楼大厅 3 号窗口' })
  const { windows } = (await of('supervisor').get('/api/windows')).body as { windows: { code: string; name: string }[] }
  const window = windows.find(({ name }) => name.startsWith('一楼'))?.code ?? fail('no window')

  const rated = await come('异地就医怎么备案')
  const ratingToken = await served(agent, rated, '异地备案')
  const angry = await come('窗口让我跑了三次，材料还是没有收')
  const token = await served(agent, angry, '反映窗口多次往返')
  const bad = { token, level: 1, reasons: ['多次往返'], words: '希望一次说清要带什么' }
  const { caseNumber } = await angry.visitor.must('rating:give', bad)
  const judged =
    (await pool.query<{ id: string }>('select id from case_file where number = $1', [caseNumber])).rows[0]?.id ??
    fail('no case of the bad rating')
  await done('officer', `/api/cases/${judged}/moves`, { to: 'contacted', note: '已与市民通话核实。' })
  const appeal = { to: 'appeal', note: '市民对窗口不满意，不是对热线坐席不满意。', ground: 'misjudged' }
  await done('officer', `/api/cases/${judged}/moves`, appeal)
  const filing = await come('我要反映一个问题')
  await filing.visitor.must('complaint:file', { text: '窗口提前下班，电话 13912345678', contact: '13800138000' })

  const talking = await come('新生儿怎么参保', '身份证 110101199003074514 可以先用吗')
  await talking.visitor.must('person:ask', {})
  await claimed(agent, talking.id)
  await agent.must('turn:say', { conversationId: talking.id, clientId: randomUUID(), text: '您好，请稍等，我看一下。' })
  const note = { conversationId: talking.id, clientId: randomUUID(), text: '先核实参保地再答复', mentions: [] }
  await agent.must('note:write', note)
  const waiting = await come('急，住院结算不了')
  await waiting.visitor.must('person:ask', {})
  const leaving = await come('想请人回个电话')
  await leaving.visitor.must('callback:book', { phone: '13800138000' })
  const lost = await come('救援队直升机转运费怎么结算')
  await hotline.gapNews.gather()
  const gaps = (await of('editor').get('/api/gaps')).body as { gaps: { id: string }[] }

  const order = { 工单编号: 'ORDER-0001', 诉求类型: '咨询', 诉求标题: '异地备案进度', 诉求内容: '三天没有回复' }
  const told = { 联系电话: '13800138000', 受理时间: '2026-11-20 10:05' }
  const orders = orderTable([
    { ...order, ...told },
    { ...order, ...told, 工单编号: 'ORDER-0002', 是否紧急: '是' },
  ])
  await sent(hotline, of('officer'), '/api/work-orders-table', orders)
  const head = '手机号,称呼,年度,截止日期,金额'
  const notices = [head, ...['1', '2', '3'].map((n) => `1370000000${n},张先生,2027,2026年12月31日,400`)].join('\n')
  await sent(hotline, of('administrator'), '/api/notices?kind=payment_due', Buffer.from(notices))
  await pool.query(
    `update outbox_message set state = 'dead', next_try_at = null, tries = 5, last_error = 'refused: status 400'
      where id = (select id from outbox_message where state = 'waiting' limit 1)`,
  )
  await done('administrator', '/api/opt-outs', { phone: '13900000001' })

  const drafted = await done('editor', '/api/entries', { wording: aWording({ question: '门诊共济怎么用' }) })
  const run = await pool.query<{ id: string }>(
    `insert into golden_run (began_at, ended_at, cause, total, correct, offered, withheld, wrong, missed)
     values ($1, $1, 'published', 10, 8, 1, 0, 1, $2) returning id`,
    [
      lookedAt,
      JSON.stringify([
        { id: 'q1', question: '医保卡丢了怎么办', expected: 'cn-card-lost', fate: 'offered', told: '医保码怎么激活' },
        { id: 'q2', question: '异地生孩子能报销吗', expected: 'cn-birth', fate: 'wrong', told: '生育津贴怎么领' },
      ]),
    ],
  )
  const reports = (await of('supervisor').get('/api/reports')).body as { reports: { id: string }[] }
  const live = (
    await pool.query<{ entry_id: string }>(`select entry_id from revision where state = 'published' limit 1`)
  ).rows[0]

  return {
    person,
    window,
    ratingToken,
    policy: live?.entry_id ?? fail('no published entry'),
    /** By the name of its route, for whatever page is about one thing. */
    ids: {
      desk: talking.id,
      case: judged,
      conversation: talking.id,
      entry: String(drafted['id']),
      gap: gaps.gaps[0]?.id ?? fail('no gap'),
      'golden-run': run.rows[0]?.id ?? fail('no run'),
      'figure-rows': 'one-touch-share',
      report: reports.reports[0]?.id ?? fail('no report'),
    } as Readonly<Record<string, string>>,
    talks: { rated: rated.id, talking: talking.id, waiting: waiting.id, lost: lost.id },
    close(): void {
      agent.close()
      for (const visitor of visitors) visitor.close()
    },
  }
}

async function claimed(agent: Agent, conversationId: string): Promise<void> {
  await until(() => agent.queue()?.waiting.some((row) => row.conversationId === conversationId), 'somebody waits')
  await agent.must('conversation:claim', { conversationId })
}

/** From the wish for a person to the rating that is asked for at the end. */
async function served(agent: Agent, { visitor, id }: { visitor: Visitor; id: string }, summary: string) {
  await visitor.must('person:ask', {})
  await claimed(agent, id)
  await agent.must('turn:say', { conversationId: id, clientId: randomUUID(), text: '您好，这件事我来帮您看。' })
  const told = { text: summary, tags: ['政策咨询'], solved: true }
  await agent.must('conversation:close', { conversationId: id, summary: told })
  return (await until(() => visitor.ratings[0], 'a rating is asked for')).token
}

async function sent(hotline: TestHotline, { cookie, csrf }: HttpClient, path: string, body: Buffer): Promise<void> {
  const headers = { 'content-type': 'application/octet-stream', cookie, 'x-csrf-token': csrf }
  const response = await fetch(`${hotline.url}${path}`, { method: 'POST', headers, body: new Uint8Array(body) })
  if (!response.ok) throw new Error(`${path}: ${response.status} ${await response.text()}`)
}

function fail(what: string): never {
  throw new Error(what)
}

/** The token among several nodes: each with a pool of its own on one database, as two server processes are. */
import { afterAll, beforeAll, expect, it } from 'vitest'
import { openDatabase } from '../../server/db/database.ts'
import { wechatApi } from '../../wechat/api.ts'
import { tencentStandIn, type TencentStandIn } from '../../wechat/stand-in/tencent.ts'
import { tokenShelf } from '../../wechat/token.store.ts'
import { aDatabase, type TestDatabase } from '../support/postgres.ts'

const keys = { token: 'tok', aesKey: 'YWJjZGVmZ2hpamtsbW5vcHFyc3R1dnd4eXowMTIzNDU', id: 'wx1234567890abcdef' }
const appSecret = 'a-secret-of-the-tests'
const sealer = { seal: (plain: string) => `sealed ${plain}`, open: (sealed: string) => sealed.slice(7) }

let database: TestDatabase
let tencent: TencentStandIn
const pools: { close: () => Promise<void> }[] = []
beforeAll(async () => {
  database = await aDatabase()
  tencent = await tencentStandIn({ keys, appSecret, mode: 'safe', callbackUrl: () => 'http://127.0.0.1:1/' })
})
afterAll(async () => {
  for (const pool of pools) await pool.close()
  await tencent.close()
  await database.drop()
})

function aNode() {
  const own = openDatabase(database.url, 3)
  pools.push(own)
  const settings = { appId: keys.id, appSecret, apiBase: tencent.url }
  return wechatApi({ settings, shelf: tokenShelf(own.db, sealer, keys.id), now: () => new Date() })
}
const asked = () => tencent.calls('/cgi-bin/stable_token').length
const menus = () => tencent.calls('/cgi-bin/menu/create').length

it('is fetched once for fifty at once on two nodes, and once again when the platform has dropped it', async () => {
  const [one, other] = [aNode(), aNode()]
  const fifty = () =>
    Promise.all(
      Array.from({ length: 50 }, (_, n) => (n % 2 ? one : other).call('/cgi-bin/menu/create', { button: [] })),
    )
  await fifty()
  expect([asked(), menus()]).toEqual([1, 50])

  tencent.dropToken()
  await fifty()
  // Each that was refused for its token was sent once more, and went.
  expect(asked()).toBe(2)
  const refused = tencent.calls('/cgi-bin/menu/create').filter(({ errcode }) => errcode === 42_001).length
  expect(menus()).toBe(100 + refused)
  expect(refused).toBeLessThanOrEqual(50)

  // A node that comes later finds it on the shelf, where it stands sealed.
  await aNode().call('/cgi-bin/menu/create', { button: [] })
  expect(asked()).toBe(2)
  const { rows } = await database.pool.query<{ token_sealed: string }>('select token_sealed from wechat_token')
  expect(rows.map(({ token_sealed }) => token_sealed.startsWith('sealed token-'))).toEqual([true])
})

it('is refused twice, and the second refusal is told', async () => {
  const node = aNode()
  tencent.refuse(42_001, 42_001)
  const before = menus()
  await expect(node.call('/cgi-bin/menu/create', { button: [] })).rejects.toMatchObject({ code: 42_001 })
  expect(menus()).toBe(before + 2)
})

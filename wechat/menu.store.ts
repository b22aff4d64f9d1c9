/** The menu that was published last. */
import type { WechatMenu } from '../contract/wechat.ts'
import type { Db, WechatTables } from './tables.ts'

export function wechatMenuStore(db: Db) {
  const tables = db.withTables<WechatTables>()
  return {
    async read(appId: string): Promise<WechatMenu | undefined> {
      const row = await tables.selectFrom('wechat_menu').select('menu').where('app_id', '=', appId).executeTakeFirst()
      return row?.menu
    },
    async keep(appId: string, menu: WechatMenu, now: Date): Promise<void> {
      const row = { menu: JSON.stringify(menu), published_at: now }
      await tables
        .insertInto('wechat_menu')
        .values({ app_id: appId, ...row })
        .onConflict((on) => on.column('app_id').doUpdateSet(row))
        .execute()
    },
  }
}

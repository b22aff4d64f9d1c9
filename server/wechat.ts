/** The WeChat channel, put together: what it is handed of the hotline, its doors, and its rounds. */
import type { Registry } from 'prom-client'
import type { Conversation } from '../bot/conversation.ts'
import { conversationsStore } from '../bot/conversations.store.ts'
import { turnsStore } from '../bot/turns.store.ts'
import { contactsStore } from '../bot/contacts.store.ts'
import { keepUnread } from '../bot/unread.ts'
import { wording } from '../bot/wording.ts'
import type { Turn } from '../contract/turn.ts'
import type { News } from '../contract/line.ts'
import type { Alerts } from '../desk/alerts.ts'
import { businessDay } from '../desk/working-days.ts'
import type { LiveIndex } from '../knowledge/live-index.ts'
import { accountWay } from '../wechat/account-way.ts'
import { remedies } from '../wechat/api-outcome.ts'
import { callback } from '../wechat/callback.ts'
import { accountWho, citizens, type Inside } from '../wechat/citizens.ts'
import { mediaUpload, type ReadFile } from '../wechat/media-upload.ts'
import { mediaDownload } from '../wechat/media-download.ts'
import { officialAccount } from '../wechat/official-account.ts'
import { forgettingStore } from '../wechat/forgetting.store.ts'
import { chosen } from '../wechat/choices.ts'
import { noticeInvitation } from '../wechat/notice-invitation.ts'
import { accountMenu } from '../wechat/outgoing.ts'
import { followerUnion } from '../wechat/unionid.ts'
import type { Files } from './attaching.ts'
import type { Config } from './config.ts'
import type { conversations } from './conversations.ts'
import type { Db } from './db/database.ts'
import type { Doors } from './http/doors.ts'
import { wechatConsoleRoutes } from './http/wechat-console.routes.ts'
import { wechatDoor } from './http/wechat-door.ts'
import { noticesPath } from './http/wechat-notices.routes.ts'
import { wechatRoadsRoutes } from './http/wechat-roads.routes.ts'
import { wechatStuckRoutes } from './http/wechat-stuck.routes.ts'
import type { KeyRing } from './key-ring.ts'
import type { Log } from './log.ts'
import type { Round } from './rounds.ts'
import { wechatKf } from './wechat-kf.ts'
import { wechatMini } from './wechat-mini.ts'
import type { WechatPeople } from './wechat-people.ts'
import { wechatTold } from './wechat-told.ts'
import { wechatWatch } from './wechat-watch.ts'

type Parts = {
  db: Db
  config: Config
  keys: KeyRing
  doors: Doors
  talks: Awaited<ReturnType<typeof conversations>>
  files: Files
  knowledge: LiveIndex
  people: ReturnType<WechatPeople['open']>
  alerts: Alerts
  metrics: Registry
  log: Log
  now: () => Date
}
export type WechatChannel = ReturnType<typeof wechat>

const mostAgeSeconds = 600
const longestNumber = 5
const lookBackTurns = 6
const hourMs = 3_600_000
const begunMs = 24 * hourMs
/** The platform tells again within seconds, and keeps what was not pulled for three days. */
const toldKeptMs = 7 * 24 * hourMs

export function wechat({ db, config, keys, doors, talks, files, knowledge, people, log, now, ...parts }: Parts) {
  const { account, api } = people
  const { alerts, metrics } = parts
  const questionOf = (entryId: string) =>
    Promise.resolve(knowledge.current().answerEntry(entryId, { on: businessDay(now()) })?.entry?.question)
  const { arrivals, lines, switchboard } = talks
  const scope = config.BUREAU_CITY ? { region: config.BUREAU_CITY } : {}
  const read: ReadFile = (fileId) => files.read(fileId)
  const kf = wechatKf({ db, config, keys, read, log, now })
  const mini = wechatMini({ db, config, keys, read, log, now })
  const { PUBLIC_URL: publicUrl } = config
  const pages = publicUrl
    ? { pageOf: (id: string) => new URL(`/policy/${encodeURIComponent(id)}`, publicUrl).href }
    : {}
  const upload = api && mediaUpload({ ...api, read })
  const menu = { ...accountMenu, ...pages }
  const notice = account?.notice
  const asked = notice && publicUrl && noticeInvitation(notice, new URL(noticesPath, publicUrl).href)
  const ending = asked ? { ending: asked } : {}
  const ours = account && api && upload && accountWay({ api, upload, allowance: account.allowance, menu, ...ending })
  const ways = { ...(ours && { oa: ours }), ...kf.ways, ...mini.ways }
  const watch = wechatWatch({
    ...{ db, alerts, metrics, log, now },
    remedies: { oa: remedies, kf: kf.remedies, mini: mini.remedies },
  })
  people.onLetterRefused((refusal) => watch.letterRefused(refusal))
  const told = wechatTold({ db, keys, ways, changed: people.changed, watch, log, now })
  const { whileAsked } = told

  const inside: Inside = {
    async enter(lookupHash, kin) {
      if (kin) await contactsStore(db).alsoKnown('openid', lookupHash, kin, now())
      const who = { kind: 'openid', lookupHash, channel: 'wechat' } as const
      const { conversation, isNew } = await arrivals.enter(who, scope)
      return { conversationId: conversation.id, isNew }
    },
    receive: (turn, alongside) =>
      whileAsked(turn.conversationId, async () => switchboard.receive(await asChosen(turn), alongside)),
    ...files,
    keepUnread: (turn, whatToDo) => whileAsked(turn.conversationId, () => keepUnread(lines, turn, whatToDo)),
    greet: (conversationId) =>
      whileAsked(conversationId, () =>
        lines.hold(conversationId, async ({ conversation, line, now: at }) => {
          if (isBegun(conversation, at)) return
          await line.say({ text: wording.greeting })
        }),
      ),
    say: (conversationId, text) => lines.hold(conversationId, ({ line }) => line.say({ text }, { speaker: 'system' })),
    async isNewThere(question, conversationId) {
      const conversation = await conversationsStore(db).find(conversationId)
      if (!conversation || isWithPerson(conversation)) return false
      if (!isBegun(conversation, now())) return true
      const last = await turnsStore(db).newest(conversationId, lookBackTurns)
      return !last.some(({ speaker, text }) => speaker === 'customer' && text === question)
    },
    scanned: (scene, conversationId, openIdHash) =>
      whileAsked(conversationId, () => people.scenes.scanned(scene, conversationId, openIdHash)),
    answered: (turn, openIdHash) => whileAsked(turn.conversationId, () => people.scenes.answered(turn, openIdHash)),
    changed: people.changedFor,
    noticeFailed: (openIdHash, templateId, code) => people.noticeFailed(openIdHash, templateId, code),
    questionOf,
  }
  /** A number stands for what was offered beside it. */
  async function asChosen(turn: Turn): Promise<Turn> {
    if (!/\d/.test(turn.text) || turn.text.length > longestNumber) return turn
    const last = await turnsStore(db).newest(turn.conversationId, lookBackTurns)
    const since = last.slice(last.findLastIndex(({ speaker }) => speaker === 'customer') + 1)
    const offered = since.findLast(({ choices }) => choices)
    return { ...turn, text: chosen(turn.text, offered?.choices ?? []) ?? turn.text }
  }
  const live = { doors, told, watch, inside, changed: people.changed }
  const [byKf, byMini] = [kf.open(live), mini.open(live)]
  wechatRoadsRoutes(doors, config.PUBLIC_URL, [byKf.setUp, byMini.setUp])

  const official =
    account &&
    api &&
    officialAccount({
      ...{ db, road: 'oa', teller: told.teller, sealer: keys, log, now },
      gaveUp: () => watch.gaveUp('oa'),
      citizens: citizens({
        ...{ db, who: accountWho, inside, download: mediaDownload(api), sealer: keys, log, now },
        // Without another road there is nobody to be the same as.
        ...('kf' in ways && { unionOf: followerUnion(api) }),
      }),
    })
  const knocks = wechatDoor(
    doors,
    'oa',
    official && {
      callback: callback({ keys: account.keys, mode: account.mode, mostAgeSeconds, now }),
      take: (clear) => official.take(clear),
    },
  )
  const shown = account && api && { appId: account.api.appId, mode: account.mode, api, template: people.template }
  wechatStuckRoutes(doors, { db, now })
  wechatConsoleRoutes(doors, { db, account: shown, publicUrl: config.PUBLIC_URL, questionOf, knocks, now })

  return {
    heard: (news: readonly News[]) => told.heard(news),
    rounds: [
      ...told.rounds,
      ...watch.rounds,
      ...byKf.rounds,
      ...byMini.rounds,
      ...(official ? [{ everyMs: 10_000, work: () => official.takeUpLeftOvers() }] : []),
      { everyMs: hourMs, work: () => forgettingStore(db).told(new Date(now().getTime() - toldKeptMs)) },
    ] satisfies Round[],
    async settled(): Promise<void> {
      await byKf.settled()
      await told.teller.settled()
    },
  }
}

const isWithPerson = ({ state }: Conversation) => state === 'agent' || state === 'waiting'

/** Whoever opens a window again in the midst of this needs no welcome. */
function isBegun(conversation: Conversation, at: Date): boolean {
  const { lastSeq, lastTurnAt } = conversation
  return isWithPerson(conversation) || (lastSeq > 0 && at.getTime() - lastTurnAt.getTime() < begunMs)
}

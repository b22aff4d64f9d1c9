/** The conversation, put together: who comes, what is said, who hands over to whom, how it ends and what follows. */
import { arrivals } from '../bot/arrivals.ts'
import type { CallerLetters } from '../bot/caller-letters.ts'
import { closing } from '../bot/closing.ts'
import { botkitDialogs } from '../bot/dialogs/botkit-engine.ts'
import { dutyCalls, type DutyRoads } from '../bot/escalation.ts'
import { gapNews } from '../bot/gap-news.ts'
import { handOvers } from '../bot/hand-over.ts'
import type { Recogniser } from '../bot/intent/recogniser.ts'
import { openLines } from '../bot/open-lines.ts'
import { owedCalls } from '../bot/owed-calls.ts'
import { paperwork } from '../bot/paperwork.ts'
import { seat } from '../bot/seat.ts'
import { switchboard } from '../bot/switchboard.ts'
import { tellings } from '../bot/tellings.ts'
import { timekeeper } from '../bot/timekeeper.ts'
import { transfers } from '../bot/transfers.ts'
import type { News } from '../contract/line.ts'
import type { MyPresence } from '../contract/queue.ts'
import { entryListsStore } from '../knowledge/entry-lists.store.ts'
import type { LiveIndex } from '../knowledge/live-index.ts'
import type { Meanings } from '../knowledge/meanings.ts'
import type { TellStaff } from '../desk/case-news.ts'
import { queueSettingsStore } from '../desk/queue-settings.store.ts'
import type { Outbox } from '../desk/outbox.ts'
import { chatLines } from './chat-lines.ts'
import type { Config } from './config.ts'
import type { Db } from './db/database.ts'
import type { KeyRing } from './key-ring.ts'
import type { Log } from './log.ts'
import type { TitleBook } from './title-book.ts'
import type { LetterTo } from './wechat-reach.ts'

type Parts = {
  db: Db
  config: Config
  keys: KeyRing
  knowledge: LiveIndex
  book: TitleBook
  /** Absent unless an embedding service is configured. */
  meaning: Meanings | undefined
  intents: Recogniser
  /** Puts a message that leaves the house into the outbox. */
  post: Outbox['post']
  /** Of the cases that are theirs, in the transaction of what is told. */
  tellStaff: TellStaff
  /** Told after the commit. */
  publish: (news: readonly News[]) => void
  /** The system took an agent off duty, or put them aside. */
  presenceChanged: (staffId: string, presence: MyPresence) => void
  callerLetters: CallerLetters
  duty: DutyRoads
  letterTo: LetterTo
  log: Log
  now: () => Date
}

export async function conversations(parts: Parts) {
  const { db, keys, knowledge, book, meaning, intents, publish, config, log, now } = parts
  const comers = arrivals({ db, now })
  const lines = openLines({ db, now, publish, log })
  const dialogs = await botkitDialogs()
  const hours = chatLines()
  const duty = dutyCalls(parts.duty, config.ESCALATE_MINUTES * 60_000)
  const handOver = handOvers(dialogs, duty, hours)
  const closer = closing(dialogs, parts.callerLetters)
  const papers = paperwork(keys, parts.tellStaff)
  const { post } = parts
  const told = { db, lines, arrivals: comers, answers: () => knowledge.current() }
  const gaps = gapNews({ ...told, sealer: keys, letterTo: parts.letterTo, post, quiet: config.QUIET_HOURS, now, log })
  const answers = () => ({
    ...book.coded(),
    meaningOf: meaning && ((question: string) => meaning.alikeTo(question)),
  })
  const flow = switchboard({
    lines,
    answers,
    recognise: (text) => intents.recognise(text),
    dialogs,
    handOver,
    closing: closer,
    paperwork: papers,
    chatLines: hours,
  })
  const quoted = async (revisionId: string) => {
    const wording = (await entryListsStore(db).revision(revisionId))?.wording
    return wording && { text: wording.answer, sources: wording.sources }
  }
  const seats = seat({ lines, closing: closer, handOver, quoted })
  const moves = transfers({ db, lines, now })
  const cards = tellings({ lines, answers, letters: parts.callerLetters, log })

  return {
    arrivals: comers,
    lines,
    switchboard: cards.afterEachTurn(gaps.afterEachTurn(flow)),
    handOver,
    duty,
    closing: closer,
    paperwork: papers,
    owedCalls: owedCalls({
      ...{ db, lines, arrivals: comers, sealer: keys, post, publish, now },
      mostTries: config.CALLBACK_TRIES,
      us: { bureau: config.BUREAU_NAME, number: config.HOTLINE_NUMBER, url: config.PUBLIC_URL },
    }),
    gapNews: gaps,
    chatLines: hours,
    seat: seats,
    transfers: moves,
    tellings: cards,
    timekeeper: timekeeper({
      db,
      lines,
      closing: closer,
      handOver,
      seat: seats,
      transfers: moves,
      presenceChanged: parts.presenceChanged,
      now,
      duty,
      silenceMinutes: config.SILENCE_MINUTES,
      silenceLimits: () => queueSettingsStore(db, config.QUEUE_MODE).inForce(),
    }),
  }
}

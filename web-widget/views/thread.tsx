/** The conversation, top to bottom. */
import type { WidgetSettings } from '../../contract/http.ts'
import type { KeptTurn } from '../../contract/turn.ts'
import { isMissingTurns, turnKey, type Conversation } from '../conversation.ts'
import type { Files } from '../files.ts'
import type { Session } from '../session.ts'
import { wording } from '../wording.ts'
import { Icon } from './icons.tsx'
import { JudgeRow } from './judge-row.tsx'
import { RatingForm } from './rating-form.tsx'
import { useReadingPlace } from './reading-place.ts'
import { OutgoingView, Questions, TurnView } from './turn-view.tsx'

const words = wording.thread

type Props = {
  conversation: Conversation
  settings: WidgetSettings
  session: Session
  files: Files
  onPerson: () => void
}

export function Thread({ conversation: c, settings, session, files, onPerson }: Props) {
  const all = [...c.earlier, ...c.turns]
  const asked = c.ratings.filter((card) => !card.quiet)
  const last = all[all.length - 1]
  const lastKey = c.outgoing[c.outgoing.length - 1]?.clientId ?? (last && keyOf(last))
  const isOwnLast = c.outgoing.length > 0 || last?.speaker === 'customer'
  const ownCount = c.outgoing.length + all.filter((turn) => turn.speaker === 'customer').length

  const place = useReadingPlace({ lastKey, ownCount, isOwnLast, cards: asked.length, isTyping: Boolean(c.typing) })

  const lastAnswer = findLast(c.turns, (turn) => turn.answer !== undefined)
  const lastOwn = c.outgoing.length > 0 ? undefined : findLast(c.turns, (turn) => turn.speaker === 'customer')
  const shownRatings = new Set(all.map((turn) => turn.rating?.ratingId))
  const loose = asked.filter((card) => !shownRatings.has(card.ratingId) && !card.outcome)
  const cardOf = (id: string | undefined) => c.ratings.find((card) => card.ratingId === id)
  const form = (id: string | undefined) => {
    const card = cardOf(id)
    return card && <RatingForm card={card} settings={settings} onGive={(given) => session.rate(card, given)} />
  }
  const judgeRow = (turn: KeptTurn) => (
    <JudgeRow
      verdict={c.judged[turnKey(turn)]}
      canAsk={turn === lastAnswer && c.state === 'bot'}
      onJudge={(solved) => void session.judge(turn, solved)}
      onPerson={onPerson}
    />
  )
  const line = (turn: KeptTurn) => (
    <TurnView
      key={keyOf(turn)}
      turn={turn}
      isLastOwn={turn === lastOwn && turn === last}
      judge={turn.answer && judgeRow(turn)}
      rating={form(turn.rating?.ratingId)}
      onChoose={(question) => session.say(question)}
      files={files}
    />
  )

  return (
    <main class="thread" ref={place.scroller} onScroll={place.onScroll} tabIndex={-1}>
      <div class="greeting">
        <p class="hello">{settings.greeting}</p>
        <p class="quiet">{settings.notice}</p>
      </div>
      {all.length === 0 && c.outgoing.length === 0 && settings.hotQuestions.length > 0 && (
        <section class="hot" aria-label={words.hot}>
          <h2>{words.hot}</h2>
          <Questions questions={settings.hotQuestions.slice(0, 4)} onChoose={(question) => session.say(question)} />
        </section>
      )}
      <div
        role="log"
        aria-live="polite"
        aria-relevant="additions"
        aria-label={words.label}
        aria-busy={isMissingTurns(c)}
      >
        <ol>
          {c.earlier.map(line)}
          {c.earlier.length > 0 && (
            <li class="turn system divider" key="before">
              <p>{words.before}</p>
            </li>
          )}
          {c.turns.map(line)}
          {c.outgoing.map((message) => (
            <OutgoingView
              key={message.clientId}
              message={message}
              isOnline={c.online}
              onRetry={() => session.retry(message.clientId)}
              onDiscard={() => session.discard(message.clientId)}
            />
          ))}
        </ol>
      </div>
      {loose.map((card) => form(card.ratingId))}
      {c.typing && <p class="typing">{words.typing[c.typing]}</p>}
      {c.state === 'closed' && <p class="quiet ended">{words.ended}</p>}
      {place.hasNewer && (
        <button type="button" class="newer" onClick={place.toEnd}>
          <Icon of="down" />
          {words.newer}
        </button>
      )}
    </main>
  )
}

/** The same line keeps its place in the page when the server's turn takes over from the words on their way. */
const keyOf = (turn: KeptTurn) => turn.clientId ?? turnKey(turn)

function findLast(turns: readonly KeptTurn[], is: (turn: KeptTurn) => boolean): KeptTurn | undefined {
  const found = turns.filter(is)
  return found[found.length - 1]
}

/** An answer out of the knowledge base: what was understood, the words, what it takes, and what it rests on. */
import type { Guide, Source } from '../../contract/entry.ts'
import type { KeptTurn } from '../../contract/turn.ts'
import { calendarDay } from '../dates.ts'
import { wording } from '../wording.ts'
import { Icon } from './icons.tsx'
import { Paragraphs } from './paragraphs.tsx'

const words = wording.answer

type Props = { turn: KeptTurn; judge?: preact.ComponentChildren }

export function AnswerCard({ turn, judge }: Props) {
  const { answer, sources = [] } = turn
  return (
    <div class="bubble card">
      {answer && (
        <p class="asked">
          {words.youAsked}
          <strong>{answer.question}</strong>
        </p>
      )}
      <Paragraphs text={turn.text} />
      {answer?.guide && <GuideFold guide={answer.guide} />}
      {(sources.length > 0 || answer) && (
        <div class="sources">
          {sources.length > 0 && <p class="label">{words.sources}</p>}
          <ul>
            {sources.map((source, i) => (
              <SourceLine key={i} source={source} />
            ))}
          </ul>
          {answer && <p>{words.validFrom(calendarDay(answer.validFrom))}</p>}
          {answer?.code && <p>{words.code(answer.code)}</p>}
          {answer?.example && (
            <p class="example">
              <Icon of="warning" />
              {words.example}
            </p>
          )}
        </div>
      )}
      {judge}
    </div>
  )
}

function SourceLine({ source: { title, number, article, date, url } }: { source: Source }) {
  const details = [number, article, date === undefined ? undefined : calendarDay(date)].filter((part) => part)
  // The contract lets only http(s) through; a page of ours still does not take another's word for it.
  const isWeb = url !== undefined && /^https?:\/\//.test(url)
  return (
    <li>
      《{title.replace(/^《|》$/g, '')}》{details.length > 0 && `（${details.join('，')}）`}
      {isWeb && (
        <a href={url} target="_blank" rel="noopener noreferrer">
          {words.original}
        </a>
      )}
    </li>
  )
}

function GuideFold({ guide }: { guide: Guide }) {
  return (
    <details class="guide">
      <summary>
        <Icon of="book" />
        {words.guide}
      </summary>
      <dl>
        <Lines label={words.conditions} lines={guide.conditions} />
        <Lines label={words.materials} lines={guide.materials} />
        <Lines label={words.steps} lines={guide.steps} isOrdered />
        <Lines label={words.timeLimit} lines={guide.timeLimit} />
        <Lines label={words.channels} lines={guide.channels} />
        <Lines label={words.fee} lines={guide.fee} />
      </dl>
    </details>
  )
}

type LinesProps = { label: string; lines: string | string[] | undefined; isOrdered?: boolean }

function Lines({ label, lines, isOrdered = false }: LinesProps) {
  if (lines === undefined || lines.length === 0) return null
  const List = isOrdered ? 'ol' : 'ul'
  return (
    <div>
      <dt>{label}</dt>
      <dd>
        {typeof lines === 'string' ? (
          lines
        ) : (
          <List>
            {lines.map((line, i) => (
              <li key={i}>{line}</li>
            ))}
          </List>
        )}
      </dd>
    </div>
  )
}

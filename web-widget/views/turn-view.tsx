/** One turn, or one message on its way, as a line of the thread. */
import type { KeptTurn } from '../../contract/turn.ts'
import type { Outgoing } from '../conversation.ts'
import { clockTime } from '../dates.ts'
import type { Files } from '../files.ts'
import { masked } from '../masked.ts'
import { wording } from '../wording.ts'
import { AnswerCard } from './answer-card.tsx'
import { FileChip } from './file-chip.tsx'
import { Icon } from './icons.tsx'
import { Paragraphs } from './paragraphs.tsx'

type Props = {
  turn: KeptTurn
  isLastOwn: boolean
  judge?: preact.ComponentChildren
  rating?: preact.ComponentChildren
  onChoose: (question: string) => void
  files: Files
}

export function TurnView({ turn, isLastOwn, judge, rating, onChoose, files }: Props) {
  const { speaker, text, answer, sources, attachments } = turn
  // A file stands for its placeholder, and beside whatever else was said.
  const sent = attachments?.filter(({ isWrittenDown }) => !isWrittenDown) ?? []
  const chips = (from?: Files) => sent.map((file) => <FileChip key={file.id} file={file} files={from} />)
  // A rating is given on its card; its choices are there for channels that have none.
  const choices = turn.rating ? [] : (turn.choices ?? [])
  if (speaker === 'system')
    return (
      <li class="turn system">
        <p>{text}</p>
        {rating}
      </li>
    )
  if (speaker === 'customer')
    return (
      <li class="turn customer">
        <span class="only-heard">{wording.thread.you}</span>
        <div class="bubble">{sent.length > 0 ? chips() : <Paragraphs text={masked(text)} />}</div>
        {isLastOwn && <p class="phase">{wording.phase.sent}</p>}
      </li>
    )
  return (
    <li class={`turn ${speaker}`}>
      <p class="speaker">
        {speaker === 'bot' ? wording.header.bot : agentName(turn.agentNumber)}
        <time dateTime={turn.saidAt}>{clockTime(turn.saidAt)}</time>
      </p>
      {answer || sources?.length ? (
        <AnswerCard turn={turn} judge={judge} />
      ) : (
        <div class="bubble">{sent.length > 0 ? chips(files) : <Paragraphs text={text} />}</div>
      )}
      {choices.length > 0 && <Questions questions={choices.map((choice) => choice.question)} onChoose={onChoose} />}
      {rating}
    </li>
  )
}

/** Questions as wide buttons: pressing one asks it. */
export function Questions({ questions, onChoose }: { questions: string[]; onChoose: (question: string) => void }) {
  return (
    <ul class="questions">
      {questions.map((question) => (
        <li key={question}>
          <button type="button" onClick={() => onChoose(question)}>
            {question}
          </button>
        </li>
      ))}
    </ul>
  )
}

type OutgoingProps = { message: Outgoing; isOnline: boolean; onRetry: () => void; onDiscard: () => void }

export function OutgoingView({ message, isOnline, onRetry, onDiscard }: OutgoingProps) {
  const words = wording.phase
  const hasFailed = message.refusal !== undefined
  return (
    <li class="turn customer">
      <span class="only-heard">{wording.thread.you}</span>
      <div class="bubble unsent">
        <Paragraphs text={masked(message.text)} />
      </div>
      {hasFailed ? (
        <div class="phase failed" role="alert">
          <p>
            <Icon of="warning" />
            {words.failed}：{message.refusal}
          </p>
          <button type="button" onClick={onRetry}>
            {words.retry}
          </button>
          <button type="button" onClick={onDiscard}>
            {words.discard}
          </button>
        </div>
      ) : (
        <p class="phase">{isOnline ? words.sending : words.queued}</p>
      )}
    </li>
  )
}

const agentName = (number: string | undefined) => (number === undefined ? wording.header.person : `工号 ${number}`)

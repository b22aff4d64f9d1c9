/** 好差评: five levels, nothing chosen beforehand, reasons of the chosen level, words if one likes; once. */
import { useState } from 'preact/hooks'
import type { WidgetSettings } from '../../contract/http.ts'
import type { Level } from '../../contract/rating.ts'
import type { Outcome } from '../connection.ts'
import type { RatingCard, RatingOutcome } from '../conversation.ts'
import { wordsFor } from '../problems.ts'
import { wording } from '../wording.ts'
import { Icon } from './icons.tsx'

const words = wording.rating
const levels: readonly Level[] = [5, 4, 3, 2, 1]

export type Given = { level: Level; reasons: string[]; words?: string }
type Props = {
  card: RatingCard
  settings: Pick<WidgetSettings, 'levelNames' | 'ratingReasons'>
  onGive: (given: Given) => Promise<Outcome<unknown>>
}

export function RatingForm({ card, settings, onGive }: Props) {
  const [level, setLevel] = useState<Level>()
  const [reasons, setReasons] = useState<readonly string[]>([])
  const [ownWords, setOwnWords] = useState('')
  const [isBusy, setBusy] = useState(false)
  const [failure, setFailure] = useState('')
  if (card.outcome) return <Outcome outcome={card.outcome} names={settings.levelNames} />

  async function submit(chosen: Level) {
    setBusy(true)
    setFailure('')
    const reply = await onGive({ level: chosen, reasons: [...reasons], words: ownWords.trim() || undefined })
    setBusy(false)
    if (!reply.ok) setFailure(wordsFor(reply))
  }
  const toggle = (reason: string) =>
    setReasons(reasons.includes(reason) ? reasons.filter((r) => r !== reason) : [...reasons, reason])

  return (
    <form
      class="rating"
      onSubmit={(submitted) => {
        submitted.preventDefault()
        if (level && !isBusy) void submit(level)
      }}
    >
      <fieldset class="levels">
        <legend>{titleOf(card)}</legend>
        {levels.map((each) => (
          <label key={each} class={each <= 2 ? 'bad' : ''}>
            <input
              type="radio"
              name={`level-${card.ratingId}`}
              checked={level === each}
              onChange={() => {
                setLevel(each)
                setReasons([])
              }}
            />
            <span>
              <LevelName of={settings.levelNames[each]} />
            </span>
          </label>
        ))}
      </fieldset>
      {level && (
        <>
          <fieldset class="reasons">
            <legend>{words.reasons}</legend>
            {settings.ratingReasons[level].map((reason) => (
              <label key={`${level}${reason}`}>
                <input type="checkbox" checked={reasons.includes(reason)} onChange={() => toggle(reason)} />
                <span>{reason}</span>
              </label>
            ))}
          </fieldset>
          <label class="field">
            <span>{words.words}</span>
            <textarea
              rows={2}
              maxLength={500}
              value={ownWords}
              onInput={(typed) => setOwnWords(typed.currentTarget.value)}
            />
          </label>
          <button type="submit" class="main" disabled={isBusy}>
            {isBusy ? wording.form.working : words.submit}
          </button>
        </>
      )}
      {failure && (
        <p class="failure" role="alert">
          {failure}
        </p>
      )}
      <p class="quiet">{words.free}</p>
    </form>
  )
}

/** Five names stand side by side: they break where one breaks them in speaking, 非常 / 不满意. */
function LevelName({ of: name }: { of: string }) {
  const [, degree = '', rest = name] = /^(非常|基本)(.+)$/.exec(name) ?? []
  return (
    <>
      {degree}
      {degree && <wbr />}
      {rest}
    </>
  )
}

function Outcome({ outcome, names }: { outcome: RatingOutcome; names: WidgetSettings['levelNames'] }) {
  return (
    <p class="rated" role="status">
      <Icon of="check" />
      <span>
        {outcome.kind === 'given' && words.given(names[outcome.level])}
        {outcome.kind === 'given-elsewhere' && words.elsewhere}
        {outcome.kind === 'too-late' && words.tooLate}
        {outcome.kind === 'given' && outcome.caseNumber !== undefined && (
          <small>
            {words.case} <b>{outcome.caseNumber}</b>
          </small>
        )}
      </span>
    </p>
  )
}

function titleOf({ about, agentNumber, quiet }: RatingCard): string {
  const title = quiet ? words.earlier : words.title
  return about === 'agent' && agentNumber !== undefined ? title.agentNumber(agentNumber) : title[about]
}

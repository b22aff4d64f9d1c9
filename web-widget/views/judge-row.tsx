/** 解决了 / 没解决 / 转人工 under the latest answer; under earlier ones only what was said of them. */
import { wording } from '../wording.ts'
import { Icon } from './icons.tsx'

const words = wording.answer

type Props = { verdict?: boolean; canAsk: boolean; onJudge: (solved: boolean) => void; onPerson?: () => void }

export function JudgeRow({ verdict, canAsk, onJudge, onPerson }: Props) {
  if (verdict !== undefined)
    return (
      <div class="judge">
        <p class="verdict">
          <Icon of="check" />
          {verdict ? words.judgedSolved : words.judgedUnsolved}
        </p>
        {!verdict && canAsk && onPerson && (
          <button type="button" onClick={onPerson}>
            {words.person}
          </button>
        )}
      </div>
    )
  if (!canAsk) return null
  return (
    <div class="judge" role="group" aria-label={words.ask}>
      <button type="button" onClick={() => onJudge(true)}>
        {words.solved}
      </button>
      <button type="button" onClick={() => onJudge(false)}>
        {words.unsolved}
      </button>
      {onPerson && (
        <button type="button" onClick={onPerson}>
          {words.person}
        </button>
      )}
    </div>
  )
}

/** For whom the bot answers, or until that is known the city asked about; and the size of the text. */
import { useState } from 'preact/hooks'
import type { WidgetSettings } from '../../contract/http.ts'
import type { Kept } from '../kept.ts'
import { elderSizes, firstElderSize, largerSize, smallerSize } from '../look.ts'
import { wording } from '../wording.ts'

const words = wording.toolbar

type Props = {
  cities: WidgetSettings['cities']
  city?: string
  /** City and insurance that are answered for; empty while neither is known. */
  scope: string
  kept: Kept
  onScope: () => void
  onCity: (code: string) => void
  onSize: (px: number | undefined) => void
}

export function Toolbar({ cities, city, scope, kept, onScope, onCity, onSize }: Props) {
  const [elder, setElder] = useState(kept.elderSize())
  const isKnown = cities.some(({ code }) => code === city)

  function resize(px: number | undefined) {
    setElder(px)
    kept.keepElderSize(px)
    onSize(px)
  }

  return (
    <div class="toolbar">
      {scope !== '' && (
        <p class="scope">
          <span>{wording.scope.line(scope)}</span>
          <button type="button" onClick={onScope}>
            {wording.scope.change}
          </button>
        </p>
      )}
      {scope === '' && cities.length > 0 && (
        <label class="city">
          <span>{words.city}</span>
          <select value={isKnown ? city : ''} onChange={(change) => onCity(change.currentTarget.value)}>
            {!isKnown && (
              <option value="" disabled>
                {words.noCity}
              </option>
            )}
            {cities.map(({ code, name }) => (
              <option key={code} value={code}>
                {name}
              </option>
            ))}
          </select>
        </label>
      )}
      <div class="sizes">
        {elder !== undefined && (
          <>
            <button
              type="button"
              onClick={() => resize(smallerSize(elder))}
              disabled={elder === elderSizes[0]}
              title={words.smallerHint}
            >
              {words.smaller}
            </button>
            <button
              type="button"
              onClick={() => resize(largerSize(elder))}
              disabled={elder === elderSizes[elderSizes.length - 1]}
              title={words.largerHint}
            >
              {words.larger}
            </button>
          </>
        )}
        <button
          type="button"
          role="switch"
          aria-checked={elder !== undefined}
          onClick={() => resize(elder === undefined ? firstElderSize : undefined)}
        >
          <span class="track" aria-hidden="true" />
          {words.elder}
        </button>
      </div>
    </div>
  )
}

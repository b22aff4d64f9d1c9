/** What can still be rated of parts that no card asked about. One that is given stays in sight until the sheet is left. */
import { useState } from 'preact/hooks'
import type { WidgetSettings } from '../../contract/http.ts'
import type { RatingCard } from '../conversation.ts'
import type { Session } from '../session.ts'
import { wording } from '../wording.ts'
import { RatingForm } from './rating-form.tsx'
import { Sheet } from './sheet.tsx'

type Props = { cards: readonly RatingCard[]; settings: WidgetSettings; session: Session; onBack: () => void }

export function EarlierSheet({ cards, settings, session, onBack }: Props) {
  const [givenBefore] = useState(() => cards.filter((card) => card.outcome).map((card) => card.ratingId))
  return (
    <Sheet title={wording.rating.earlier.title} onBack={onBack}>
      {cards
        .filter((card) => !givenBefore.includes(card.ratingId))
        .map((card) => (
          <RatingForm
            key={card.ratingId}
            card={card}
            settings={settings}
            onGive={(given) => session.rate(card, given)}
          />
        ))}
    </Sheet>
  )
}

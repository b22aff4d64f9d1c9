/** Where the citizen stands in the queue, and the way out of it. */
import type { Place } from '../conversation.ts'
import { wording } from '../wording.ts'
import { Icon } from './icons.tsx'

const words = wording.queue

export function QueueStrip({ place, onLeave }: { place?: Place; onLeave: () => void }) {
  return (
    <div class="strip queue">
      <Icon of="clock" />
      <p role="status">
        <strong>{place ? words.place(place.place) : words.finding}</strong>
        {place && <span>，{estimate(place.waitSeconds)}</span>}
        <span class="quiet">{words.mayLeave}</span>
      </p>
      <button type="button" onClick={onLeave}>
        {words.leave}
      </button>
    </div>
  )
}

const estimate = (seconds: number) => (seconds < 60 ? words.soon : words.minutes(Math.ceil(seconds / 60)))

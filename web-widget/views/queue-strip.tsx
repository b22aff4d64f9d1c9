/** Where the citizen stands in the queue, and the way out of it. */
import type { WaitRange } from '../../contract/wait.ts'
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
        {place?.range && <span>，{estimate(place.range)}</span>}
        <span class="quiet">{words.mayLeave}</span>
      </p>
      <button type="button" onClick={onLeave}>
        {words.leave}
      </button>
    </div>
  )
}

/** As contract/wait.ts words it; without a measured pace no time is promised. */
const estimate = ({ from, to }: WaitRange) =>
  to <= 1 ? words.soon : from >= 60 ? words.veryLong : words.minutes(Math.max(1, from), to)

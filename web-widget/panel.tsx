/** The panel's page: puts its parts together and shows them. */
import { render } from 'preact'
import { unread, type Conversation } from './conversation.ts'
import { hostFrame } from './frame.ts'
import { keptIn } from './kept.ts'
import { wear } from './look.ts'
import { visitorSession } from './session.ts'
import { openShelf } from './shelf.ts'
import { App } from './views/app.tsx'
import { visitorDoor } from './visitor.ts'

const kept = keptIn(openShelf())
const visitor = visitorDoor(kept)
const frame = hostFrame(({ shown, focus, ask }) => {
  isShown = shown
  if (ask) fill(ask)
  look()
  // On a touch screen the focus would bring up the keyboard over what there is to read.
  if (shown && focus && matchMedia('(pointer: fine)').matches) document.getElementById('write')?.focus()
})
let isShown = !frame.isFramed
let show: (now: Conversation) => void = () => undefined
let lastUnread = 0
let wasGoing = false

const session = visitorSession({ kept, visitor, now: () => new Date(), onChange: changed })
const look = () => session.look(isShown && document.visibilityState === 'visible')

function changed(now: Conversation) {
  show(now)
  const count = unread(now)
  const isGoing = now.turns.length > 0 && now.state !== 'closed'
  if (count !== lastUnread) frame.tell({ unread: count })
  if (isGoing !== wasGoing) frame.tell({ going: isGoing })
  lastUnread = count
  wasGoing = isGoing
}

/** Into the field, as if typed; kept for a field that is not there yet. */
function fill(words: string) {
  kept.keepDraft(words)
  const field = document.getElementById('write')
  if (!(field instanceof HTMLTextAreaElement)) return
  field.value = words
  field.dispatchEvent(new Event('input', { bubbles: true }))
}

function resize(px: number | undefined) {
  wear(px)
  frame.tell({ large: px !== undefined })
}

const city = new URLSearchParams(location.search).get('city')
if (city !== null && /^\d{6}$/.test(city) && kept.city() === undefined) kept.keepCity(city)
resize(kept.elderSize())
document.addEventListener('visibilitychange', look)
addEventListener('storage', ({ key }) => {
  if (key === 'budayang:conversation') session.followOtherTab()
})

const place = document.getElementById('panel')
if (place) {
  const app = (
    <App
      session={session}
      visitor={visitor}
      kept={kept}
      close={frame.isFramed ? () => frame.tell('close') : undefined}
      onSize={resize}
      onShow={(listener) => (show = listener)}
    />
  )
  render(app, place)
}
look()
void session.open()

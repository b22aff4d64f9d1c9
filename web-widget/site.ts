/** Puts the bureau's own name on the front page; without the server's settings the page says what it is anyway. */
import { keptIn } from './kept.ts'
import { openShelf } from './shelf.ts'
import { visitorDoor } from './visitor.ts'

async function nameTheBureau() {
  const { bureau } = await visitorDoor(keptIn(openShelf())).settings()
  document.title = `${bureau} 在线咨询`
  for (const place of document.querySelectorAll('[data-bureau]')) place.textContent = bureau
}

nameTheBureau().catch(() => undefined)

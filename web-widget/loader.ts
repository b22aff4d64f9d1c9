/**
 * The one script a host page includes: a launcher, and on opening a frame with the panel.
 *
 *   <script async src="https://HOST/widget/loader.js" data-city="340600"></script>
 *
 * It must not change the host page nor be changed by it: everything stands in a shadow root under styles that no
 * !important reaches, nothing is fetched before somebody opens it, and it speaks to the panel over a port of its own.
 * An element with data-budayang-open anywhere on the page opens it too; its data-budayang-ask is put where one writes.
 */
import { hello, type ToLauncher, type ToPanel } from './frame-messages.ts'
import { launcherStyle } from './loader-style.ts'
import { wording } from './wording-launcher.ts'

const claimed = Symbol.for('budayang')
const script = document.currentScript ?? document.querySelector('script[src*="/widget/loader.js"]')

if (script instanceof HTMLScriptElement && !(claimed in window)) {
  Object.defineProperty(window, claimed, { value: true })
  const { src, dataset } = script
  const start = () => launcher(new URL(src), dataset.city)
  if (document.readyState === 'loading') document.addEventListener('DOMContentLoaded', start)
  else start()
}

function launcher({ origin }: URL, city = '') {
  const host = document.createElement('budayang-widget')
  const root = host.attachShadow({ mode: 'open' })
  const height = dress(root)
  const dialog = make('div', { class: 'dialog', role: 'dialog', 'aria-label': wording.title })
  const button = make('button', { class: 'launcher', type: 'button', 'aria-haspopup': 'dialog' })
  const badge = make('span', { class: 'badge', 'aria-hidden': 'true' })
  button.append(icon(), make('span', { class: 'word' }, wording.label), badge)
  root.append(dialog, button)

  let frame: HTMLIFrameElement | undefined
  let port: MessagePort | undefined
  let isOpen = false
  let isGoing = false
  let ask: string | undefined

  function load() {
    if (frame) return
    const known = /^\d{6}$/.test(city) ? `?city=${city}` : ''
    frame = make('iframe', { title: wording.title, src: `${origin}/widget/panel.html${known}` })
    frame.addEventListener('load', () => {
      const pair = new MessageChannel()
      port = pair.port1
      port.onmessage = ({ data }: MessageEvent<ToLauncher>) => heard(data)
      // The exact origin: should the frame ever show another site, that site does not get the port.
      frame?.contentWindow?.postMessage(hello, origin, [pair.port2])
      tell(isOpen && root.activeElement === frame)
    })
    dialog.append(frame)
  }
  function tell(focus: boolean) {
    port?.postMessage({ shown: isOpen, focus, ask } satisfies ToPanel)
    if (port) ask = undefined
  }

  function show(open: boolean, focus: boolean) {
    if (open) load()
    isOpen = open
    host.toggleAttribute('open', open)
    button.setAttribute('aria-expanded', String(open))
    if (focus && open) frame?.focus()
    tell(focus && open)
    if (focus && !open) button.focus()
    remember()
  }

  function heard(message: ToLauncher) {
    if (message === 'close') show(false, true)
    else if ('unread' in message) count(message.unread)
    else if ('large' in message) host.toggleAttribute('large', message.large)
    else {
      isGoing = message.going
      remember()
    }
  }

  function count(unread: number) {
    badge.textContent = unread > 0 ? String(Math.min(unread, 99)) : ''
    if (unread > 0) button.setAttribute('aria-label', wording.unread(unread))
    else button.removeAttribute('aria-label')
    const bare = document.title.replace(/^\(\d+\) /, '')
    const counted = unread > 0 ? `(${unread}) ${bare}` : bare
    if (document.title !== counted) document.title = counted
  }

  const remember = () => stored((store) => store.setItem('budayang', isOpen ? 'open' : isGoing ? 'going' : ''))

  button.addEventListener('click', () => show(!isOpen, true))
  host.addEventListener('keydown', (press) => {
    if (press.key === 'Escape' && isOpen) show(false, true)
  })
  document.addEventListener('click', ({ target }) => {
    const opener = target instanceof Element && target.closest('[data-budayang-open]')
    if (!opener) return
    ask = opener.getAttribute('data-budayang-ask')?.slice(0, 500)
    show(true, true)
  })
  // Where a keyboard covers the page, the frame keeps to what is left of it.
  const view = window.visualViewport
  const fit = () => view && height(view.height, view.offsetTop)
  view?.addEventListener('resize', fit)
  view?.addEventListener('scroll', fit)
  document.documentElement.append(host)

  const last = stored((store) => store.getItem('budayang'))
  if (last) {
    // A conversation goes on across pages; on a small screen it must not cover the page somebody just went to.
    const reopen = last === 'open' && matchMedia('(min-width: 481px)').matches
    setTimeout(() => (reopen ? show(true, false) : load()), 300)
  }
}

/** Gives the root its styles; what comes back sets the height that is left on a small screen. */
function dress(root: ShadowRoot): (height: number, top: number) => void {
  try {
    const fixed = new CSSStyleSheet()
    const fluid = new CSSStyleSheet()
    fixed.replaceSync(launcherStyle)
    root.adoptedStyleSheets = [fixed, fluid]
    return (height, top) => fluid.replaceSync(`:host{--height:${height}px;--top:${top}px}`)
  } catch {
    // Browsers before constructable style sheets.
    root.append(make('style', {}, launcherStyle))
    return () => undefined
  }
}

function make<K extends keyof HTMLElementTagNameMap>(tag: K, attributes: Record<string, string>, text = '') {
  const element = document.createElement(tag)
  for (const [key, value] of Object.entries(attributes)) element.setAttribute(key, value)
  if (text) element.textContent = text
  return element
}

function icon() {
  const space = 'http://www.w3.org/2000/svg'
  const svg = document.createElementNS(space, 'svg')
  const path = document.createElementNS(space, 'path')
  svg.setAttribute('viewBox', '0 0 24 24')
  svg.setAttribute('aria-hidden', 'true')
  path.setAttribute('d', 'M4 5.5h16v11H11l-4.5 3.5v-3.5H4zM8 9.5h8M8 12.5h5')
  svg.append(path)
  return svg
}

/** Session storage, where the host page may use it. */
function stored<T>(use: (store: Storage) => T): T | undefined {
  try {
    return use(sessionStorage)
  } catch {
    return undefined
  }
}

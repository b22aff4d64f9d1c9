/** A button that unfolds a short list of acts. Esc and a look elsewhere fold it again. */
import { useEffect, useRef, useState } from 'preact/hooks'
import { wording } from '../wording.ts'
import { Icon } from './icons.tsx'

export type MenuItem = { label: string; icon: Parameters<typeof Icon>[0]['of']; act: () => void }

export function Menu({ items }: { items: readonly MenuItem[] }) {
  const [isOpen, setOpen] = useState(false)
  const place = useRef<HTMLDivElement>(null)
  const button = useRef<HTMLButtonElement>(null)

  useEffect(() => {
    if (!isOpen) return
    place.current?.querySelector<HTMLButtonElement>('.items button')?.focus()
    const pressed = ({ target }: Event) => {
      if (target instanceof Node && !place.current?.contains(target)) setOpen(false)
    }
    document.addEventListener('pointerdown', pressed)
    return () => document.removeEventListener('pointerdown', pressed)
  }, [isOpen])

  function keyed(press: KeyboardEvent) {
    if (!isOpen) return
    if (press.key === 'Escape') {
      press.stopPropagation()
      setOpen(false)
      button.current?.focus()
    }
    if (press.key !== 'ArrowDown' && press.key !== 'ArrowUp') return
    press.preventDefault()
    const all = [...(place.current?.querySelectorAll<HTMLButtonElement>('.items button') ?? [])]
    const at = all.findIndex((item) => item === document.activeElement)
    all[(at + (press.key === 'ArrowDown' ? 1 : all.length - 1)) % all.length]?.focus()
  }

  return (
    <div class="menu" ref={place} onKeyDown={keyed}>
      <button
        type="button"
        class="plain"
        ref={button}
        aria-expanded={isOpen}
        aria-label={wording.menu.label}
        title={wording.header.more}
        onClick={() => setOpen(!isOpen)}
      >
        <Icon of="more" />
        <span class="word">{wording.header.more}</span>
      </button>
      {isOpen && (
        <ul class="items">
          {items.map(({ label, icon, act }) => (
            <li key={label}>
              <button
                type="button"
                onClick={() => {
                  setOpen(false)
                  act()
                }}
              >
                <Icon of={icon} />
                {label}
              </button>
            </li>
          ))}
        </ul>
      )}
    </div>
  )
}

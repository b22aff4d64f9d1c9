/**
 * Where in the thread the citizen reads: kept at its end while they read there, left alone where they scrolled to.
 * What the other side says is read from its first line, so a long answer stops there instead of showing its end.
 */
import { useLayoutEffect, useRef, useState } from 'preact/hooks'

const nearEndPx = 120
const gapPx = 16

type Thread = {
  /** Names the last line; undefined while there is none. */
  lastKey: string | undefined
  /** How many lines are the citizen's own. */
  ownCount: number
  isOwnLast: boolean
  cards: number
  isTyping: boolean
}

export function useReadingPlace({ lastKey, ownCount, isOwnLast, cards, isTyping }: Thread) {
  const scroller = useRef<HTMLElement>(null)
  const isAtEnd = useRef(true)
  const hasLines = useRef(false)
  const ownShown = useRef(0)
  const extent = useRef('')
  const [hasNewer, setNewer] = useState(false)
  hasLines.current = lastKey !== undefined

  useLayoutEffect(() => {
    const box = scroller.current
    if (!box || lastKey === undefined) return
    // Who has just written wants to see what comes of it, wherever they had been reading.
    const hasWritten = ownCount > ownShown.current
    ownShown.current = ownCount
    if (!isAtEnd.current && !hasWritten) return setNewer(true)
    const line = box.querySelector<HTMLElement>('[role=log] > ol > li:last-child')
    const end = box.scrollHeight - box.clientHeight
    const beginning = (line?.offsetTop ?? end) - gapPx
    isAtEnd.current = isOwnLast || end <= beginning
    box.scrollTop = isAtEnd.current ? end : beginning
  }, [lastKey, cards])

  useLayoutEffect(() => {
    if (isTyping && isAtEnd.current) toEnd()
  }, [isTyping])

  useLayoutEffect(() => {
    const box = scroller.current
    if (!box) return
    const keepsEnd = new ResizeObserver(() => {
      if (isAtEnd.current && hasLines.current) toEnd()
    })
    keepsEnd.observe(box)
    return () => keepsEnd.disconnect()
  }, [])

  function onScroll() {
    const box = scroller.current
    if (!box) return
    const { scrollHeight, clientHeight } = box
    const isNear = scrollHeight - box.scrollTop - clientHeight < nearEndPx
    // A strip that comes or goes moves the lines too; only where nothing changed was it the citizen who scrolled.
    const byHand = extent.current === `${scrollHeight}/${clientHeight}`
    extent.current = `${scrollHeight}/${clientHeight}`
    if (isNear || byHand) isAtEnd.current = isNear
    if (isNear) setNewer(false)
  }

  function toEnd() {
    isAtEnd.current = true
    if (scroller.current) scroller.current.scrollTop = scroller.current.scrollHeight
  }

  return { scroller, hasNewer, onScroll, toEnd }
}

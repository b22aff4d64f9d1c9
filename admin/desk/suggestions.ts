/**
 * A list of what can be put in behind a sign in a box: opened by typing, moved through by arrows, put in by Enter or
 * Tab, closed by Esc. The box keeps the focus all the time.
 */
import { computed, nextTick, ref, type Ref } from 'vue'
import { putIn, typedBehind, type Typed } from './mention.ts'

type Parts<T> = {
  sign: '/' | '@'
  /** Whether the sign may follow a Chinese word without a blank. */
  free?: boolean
  box: Readonly<Ref<HTMLTextAreaElement | null>>
  find: (typed: string) => readonly T[]
  wordsOf: (item: T) => string
  write: (text: string) => void
  opened: () => void
}

export function useSuggestions<T>({ sign, free = false, box, find, wordsOf, write, opened }: Parts<T>) {
  const at = ref<Typed>()
  const active = ref(0)
  const items = computed(() => (at.value ? find(at.value.typed) : []))

  function close(): void {
    at.value = undefined
  }

  function pick(index: number): void {
    const [place, item, field] = [at.value, items.value[index], box.value]
    if (!place || item === undefined || !field) return
    const { text, caret } = putIn(field.value, field.selectionStart, place, wordsOf(item))
    write(text)
    close()
    void nextTick(() => {
      field.focus()
      field.setSelectionRange(caret, caret)
    })
  }

  return {
    items,
    active,
    isOpen: computed(() => at.value !== undefined),
    pick,
    close,

    /** After every change of the text or the caret. */
    look(): void {
      const field = box.value
      const found = field ? typedBehind(sign, field.value, field.selectionStart, free) : undefined
      if (found && !at.value) opened()
      if (found?.typed !== at.value?.typed) active.value = 0
      at.value = found
    },

    /** @returns whether the stroke was for the list. */
    took(key: KeyboardEvent): boolean {
      if (!at.value || key.isComposing) return false
      const { length } = items.value
      if (key.key === 'Escape') close()
      else if (length === 0) return false
      else if (key.key === 'ArrowDown') active.value = (active.value + 1) % length
      else if (key.key === 'ArrowUp') active.value = (active.value - 1 + length) % length
      else if ((key.key === 'Enter' && !key.shiftKey) || key.key === 'Tab') pick(active.value)
      else return false
      key.preventDefault()
      key.stopPropagation()
      return true
    },
  }
}

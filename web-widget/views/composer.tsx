/** Where the citizen writes. Enter sends, Shift+Enter breaks the line, and an Enter that only picks a word sends nothing. */
import { useLayoutEffect, useRef, useState } from 'preact/hooks'
import type { Conversation } from '../conversation.ts'
import { wording } from '../wording.ts'
import { Icon } from './icons.tsx'

const words = wording.composer
const maxChars = 2_000

type Props = {
  state: Conversation['state']
  /** The bot has asked for a telephone number. */
  awaitsNumber: boolean
  firstDraft: string
  /** Absent where nobody is there to look at it. */
  onFile?: (file: File) => void
  onDraft: (text: string) => void
  onSay: (text: string) => void
}

export function Composer({ state, awaitsNumber, firstDraft, onFile, onDraft, onSay }: Props) {
  const [text, setText] = useState(firstDraft)
  const field = useRef<HTMLTextAreaElement>(null)
  const chooser = useRef<HTMLInputElement>(null)

  useLayoutEffect(() => {
    if (!field.current) return
    field.current.style.height = 'auto'
    field.current.style.height = `${field.current.scrollHeight + 2}px`
  }, [text])

  function write(next: string) {
    setText(next)
    onDraft(next)
  }
  function send() {
    if (text.trim() === '') return
    onSay(text.trim())
    write('')
    field.current?.focus()
  }
  function keyed(press: KeyboardEvent) {
    // 229: browsers that end the composition before they tell of the key (Safari).
    const isPickingWord = press.isComposing || press.keyCode === 229
    if (press.key !== 'Enter' || press.shiftKey || isPickingWord) return
    press.preventDefault()
    send()
  }

  return (
    <form
      class="composer"
      onSubmit={(submitted) => {
        submitted.preventDefault()
        send()
      }}
    >
      {onFile && (
        <>
          <input
            ref={chooser}
            type="file"
            hidden
            accept="image/jpeg,image/png,application/pdf"
            onChange={({ currentTarget }) => {
              for (const file of currentTarget.files ?? []) onFile(file)
              currentTarget.value = ''
            }}
          />
          <button
            type="button"
            class="plain attach"
            aria-label={wording.files.attach}
            title={wording.files.attachHint}
            onClick={() => chooser.current?.click()}
          >
            <Icon of="clip" />
          </button>
        </>
      )}
      <textarea
        id="write"
        ref={field}
        rows={1}
        maxLength={maxChars}
        value={text}
        aria-label={words.label}
        placeholder={words.hint[state === 'waiting' || state === 'agent' ? state : 'bot']}
        enterkeyhint="send"
        inputmode={awaitsNumber ? 'tel' : 'text'}
        onInput={(typed) => write(typed.currentTarget.value)}
        onKeyDown={keyed}
      />
      <button type="submit" class="main send" disabled={text.trim() === ''}>
        <Icon of="send" />
        {words.send}
      </button>
      {text.length > maxChars - 200 && <p class="quiet">{words.left(maxChars - text.length)}</p>}
    </form>
  )
}

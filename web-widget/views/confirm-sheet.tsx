/** Asks once before something that cannot be taken back, and says what it means. */
import { useState } from 'preact/hooks'
import type { Outcome } from '../connection.ts'
import { Sheet, SheetForm, type Refusal } from './sheet.tsx'

type Props = {
  words: { title: string; lead: string; submit: string }
  act: () => Promise<Outcome<unknown> | undefined>
  onBack: () => void
}

export function ConfirmSheet({ words, act, onBack }: Props) {
  const [isBusy, setBusy] = useState(false)
  const [refusal, setRefusal] = useState<Refusal>()

  async function go() {
    setBusy(true)
    const reply = await act()
    setBusy(false)
    if (reply?.ok === false) setRefusal(reply)
    else onBack()
  }

  return (
    <Sheet title={words.title} onBack={onBack}>
      <SheetForm lead={words.lead} submit={words.submit} isBusy={isBusy} refusal={refusal} onSubmit={() => void go()} />
    </Sheet>
  )
}

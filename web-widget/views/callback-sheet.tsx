/** 预约回电: a number, perhaps a time, and by when somebody rings. */
import { useState } from 'preact/hooks'
import { dayAndTime, fieldOfMoment, momentOfField } from '../dates.ts'
import type { Session } from '../session.ts'
import { wording } from '../wording.ts'
import { Done, faultOf, Field, PhoneField, Sheet, SheetForm, type Refusal } from './sheet.tsx'

const words = wording.callback

export function CallbackSheet({ session, onBack }: { session: Session; onBack: () => void }) {
  const [phone, setPhone] = useState('')
  const [at, setAt] = useState('')
  const [agreed, setAgreed] = useState(false)
  const [isBusy, setBusy] = useState(false)
  const [fault, setFault] = useState<string>()
  const [refusal, setRefusal] = useState<Refusal>()
  const [dueAt, setDueAt] = useState<string>()

  async function book() {
    const own = phone.trim() === '' ? wording.form.required : agreed ? undefined : wording.form.consentNeeded
    setFault(own)
    setRefusal(undefined)
    if (own !== undefined) return
    setBusy(true)
    const reply = await session.book({ phone, at: momentOfField(at) })
    setBusy(false)
    if (reply.ok) setDueAt(reply.value.dueAt)
    else setRefusal(reply)
  }

  const timeFault = faultOf(undefined, refusal, 'at')
  return (
    <Sheet title={words.title} onBack={onBack}>
      {dueAt !== undefined ? (
        <Done title={words.done} onBack={onBack}>
          <p>{words.due(dayAndTime(dueAt))}</p>
        </Done>
      ) : (
        <SheetForm
          lead={words.lead}
          submit={words.submit}
          isBusy={isBusy}
          refusal={refusal}
          faults={fault}
          onSubmit={() => void book()}
        >
          <PhoneField
            label={words.phone}
            consent={words.consent}
            phone={phone}
            agreed={agreed}
            fault={faultOf(fault, refusal, 'phone')}
            onPhone={setPhone}
            onAgree={setAgreed}
          />
          <Field id="at" label={words.at} hint={words.atHint} fault={timeFault}>
            <input
              id="at"
              type="datetime-local"
              min={fieldOfMoment(new Date())}
              value={at}
              aria-invalid={timeFault !== undefined}
              aria-describedby="at-fault"
              onInput={(typed) => setAt(typed.currentTarget.value)}
            />
          </Field>
        </SheetForm>
      )}
    </Sheet>
  )
}

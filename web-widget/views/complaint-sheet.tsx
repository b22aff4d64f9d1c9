/** 投诉: files a complaint and shows the number and the date by which it is dealt with. */
import { useState } from 'preact/hooks'
import type { VisitorReplies } from '../../contract/visitor-events.ts'
import { calendarDay } from '../dates.ts'
import type { Session } from '../session.ts'
import { wording } from '../wording.ts'
import { Done, faultOf, Field, PhoneField, Sheet, SheetForm, type Refusal } from './sheet.tsx'

const words = wording.complaint

export function ComplaintSheet({ session, onBack }: { session: Session; onBack: () => void }) {
  const [text, setText] = useState('')
  const [phone, setPhone] = useState('')
  const [agreed, setAgreed] = useState(false)
  const [isBusy, setBusy] = useState(false)
  const [faults, setFaults] = useState<{ text?: string; contact?: string }>({})
  const [refusal, setRefusal] = useState<Refusal>()
  const [filed, setFiled] = useState<VisitorReplies['complaint:file']>()

  async function file() {
    const contact = phone.trim() === '' ? undefined : phone
    const own = {
      text: text.trim() === '' ? wording.form.required : undefined,
      contact: contact !== undefined && !agreed ? wording.form.consentNeeded : undefined,
    }
    setFaults(own)
    setRefusal(undefined)
    if (own.text !== undefined || own.contact !== undefined) return
    setBusy(true)
    const reply = await session.complain({ text, contact })
    setBusy(false)
    if (reply.ok) setFiled(reply.value)
    else setRefusal(reply)
  }

  const textFault = faultOf(faults.text, refusal, 'text')
  return (
    <Sheet title={words.title} onBack={onBack}>
      {filed ? (
        <Done title={words.done} onBack={onBack}>
          <dl>
            <dt>{words.number}</dt>
            <dd>
              <strong>{filed.caseNumber}</strong>
            </dd>
            <dt>{words.due}</dt>
            <dd>{words.dueOn(calendarDay(filed.dueOn))}</dd>
          </dl>
          {filed.provisional && <p>{words.provisional}</p>}
          <p>{words.keep}</p>
        </Done>
      ) : (
        <SheetForm
          lead={words.lead}
          submit={words.submit}
          isBusy={isBusy}
          refusal={refusal}
          faults={faults}
          onSubmit={() => void file()}
        >
          <Field id="complaint" label={words.text} fault={textFault}>
            <textarea
              id="complaint"
              rows={5}
              maxLength={2_000}
              value={text}
              aria-invalid={textFault !== undefined}
              aria-describedby="complaint-fault"
              onInput={(typed) => setText(typed.currentTarget.value)}
            />
          </Field>
          <PhoneField
            label={words.phone}
            hint={words.phoneHint}
            consent={words.consent}
            phone={phone}
            agreed={agreed}
            fault={faultOf(faults.contact, refusal, 'contact')}
            onPhone={setPhone}
            onAgree={setAgreed}
          />
        </SheetForm>
      )}
    </Sheet>
  )
}

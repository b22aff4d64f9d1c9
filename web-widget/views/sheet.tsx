/** A form that takes the place of the thread until it is done or left. Focus goes in on opening; Esc leaves. */
import type { ComponentChildren } from 'preact'
import { useEffect, useRef } from 'preact/hooks'
import type { Outcome } from '../connection.ts'
import { wordsFor, wordsForField } from '../problems.ts'
import { wording } from '../wording.ts'
import { Icon } from './icons.tsx'

const words = wording.form

export type Refusal = Extract<Outcome<never>, { ok: false }>
type Props = { title: string; onBack: () => void; children: ComponentChildren }

export function Sheet({ title, onBack, children }: Props) {
  const heading = useRef<HTMLHeadingElement>(null)
  useEffect(() => heading.current?.focus(), [])
  return (
    <section class="sheet" aria-label={title}>
      <div class="bar">
        <button type="button" class="plain" onClick={onBack} aria-label={words.back} title={words.back}>
          <Icon of="back" />
        </button>
        <h2 tabIndex={-1} ref={heading}>
          {title}
        </h2>
      </div>
      {children}
    </section>
  )
}

type FormProps = {
  lead: string
  submit: string
  isBusy: boolean
  refusal?: Refusal
  /** Whatever changes when a field was found faulty: the first such field then gets the focus. */
  faults?: unknown
  onSubmit: () => void
  children?: ComponentChildren
}

export function SheetForm({ lead, submit, isBusy, refusal, faults, onSubmit, children }: FormProps) {
  const form = useRef<HTMLFormElement>(null)
  useEffect(() => form.current?.querySelector<HTMLElement>('[aria-invalid="true"]')?.focus(), [refusal, faults])
  return (
    <form
      ref={form}
      noValidate
      onSubmit={(submitted) => {
        submitted.preventDefault()
        if (!isBusy) onSubmit()
      }}
    >
      <p>{lead}</p>
      {children}
      {refusal && (
        <p class="failure" role="alert">
          <Icon of="warning" />
          {wordsFor(refusal)}
        </p>
      )}
      <button type="submit" class="main" disabled={isBusy}>
        {isBusy ? words.working : submit}
      </button>
    </form>
  )
}

type FieldProps = { id: string; label: string; hint?: string; fault?: string; children: ComponentChildren }

/** A labelled field; the fault stands under it, and the field names it by `aria-describedby={id + '-fault'}`. */
export function Field({ id, label, hint, fault, children }: FieldProps) {
  return (
    <div class={fault ? 'field faulty' : 'field'}>
      <label for={id}>{label}</label>
      {children}
      {hint && !fault && (
        <p class="quiet" id={`${id}-fault`}>
          {hint}
        </p>
      )}
      {fault && (
        <p class="fault" id={`${id}-fault`} role="alert">
          <Icon of="warning" />
          {fault}
        </p>
      )}
    </div>
  )
}

type PhoneProps = {
  label: string
  hint?: string
  consent: string
  phone: string
  agreed: boolean
  fault?: string
  onPhone: (phone: string) => void
  onAgree: (agreed: boolean) => void
}

/** A number is personal: it travels only after the citizen agreed to what it is used for. */
export function PhoneField({ label, hint, consent, phone, agreed, fault, onPhone, onAgree }: PhoneProps) {
  return (
    <>
      <Field id="phone" label={label} hint={hint} fault={fault}>
        <input
          id="phone"
          type="tel"
          inputMode="tel"
          autocomplete="tel"
          maxLength={20}
          value={phone}
          aria-invalid={fault !== undefined}
          aria-describedby="phone-fault"
          onInput={(typed) => onPhone(typed.currentTarget.value)}
        />
      </Field>
      <label class="consent">
        <input type="checkbox" checked={agreed} onChange={(change) => onAgree(change.currentTarget.checked)} />
        <span>{consent}</span>
      </label>
    </>
  )
}

export function Done({ title, onBack, children }: Props) {
  return (
    <div class="done" role="status">
      <Icon of="check" />
      <h3>{title}</h3>
      {children}
      <button type="button" class="main" onClick={onBack}>
        {words.finish}
      </button>
    </div>
  )
}

/** The word that belongs to a field: ours before sending, else the server's. */
export const faultOf = (own: string | undefined, refusal: Refusal | undefined, path: string) =>
  own ?? wordsForField(refusal, path)

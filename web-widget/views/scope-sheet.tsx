/** 更改: whose rules the bot answers by, the city and the insurance. */
import { useState } from 'preact/hooks'
import type { WidgetSettings } from '../../contract/http.ts'
import type { Insurance } from '../../contract/text.ts'
import type { Conversation } from '../conversation.ts'
import type { Session } from '../session.ts'
import { wording } from '../wording.ts'
import { Field, Sheet, SheetForm, type Refusal } from './sheet.tsx'

const words = wording.scope
const insurances: readonly Insurance[] = ['employee', 'resident']

type Props = { conversation: Conversation; cities: WidgetSettings['cities']; session: Session; onBack: () => void }

export function ScopeSheet({ conversation, cities, session, onBack }: Props) {
  const [region, setRegion] = useState(conversation.region)
  const [insurance, setInsurance] = useState(conversation.insurance)
  const [isBusy, setBusy] = useState(false)
  const [refusal, setRefusal] = useState<Refusal>()

  async function choose() {
    setBusy(true)
    const reply = await session.chooseScope({ region, insurance })
    setBusy(false)
    if (reply.ok) onBack()
    else setRefusal(reply)
  }

  return (
    <Sheet title={words.title} onBack={onBack}>
      <SheetForm
        lead={words.lead}
        submit={words.submit}
        isBusy={isBusy}
        refusal={refusal}
        onSubmit={() => void choose()}
      >
        <Field id="scope-city" label={words.city}>
          <select
            id="scope-city"
            value={region ?? ''}
            onChange={(change) => setRegion(change.currentTarget.value || undefined)}
          >
            <option value="">{words.anyCity}</option>
            {cities.map(({ code, name }) => (
              <option key={code} value={code}>
                {name}
              </option>
            ))}
          </select>
        </Field>
        <Field id="scope-insurance" label={words.insurance}>
          <select
            id="scope-insurance"
            value={insurance ?? ''}
            onChange={(change) => setInsurance(insurances.find((one) => one === change.currentTarget.value))}
          >
            <option value="">{words.notSure}</option>
            {insurances.map((one) => (
              <option key={one} value={one}>
                {words[one]}
              </option>
            ))}
          </select>
        </Field>
      </SheetForm>
    </Sheet>
  )
}

/** Whose rules the bot answers by, in words; nothing while that is not known, or while a person answers. */
export function scopeOf({ region, insurance, state }: Conversation, cities: WidgetSettings['cities']): string {
  const city = cities.find(({ code }) => code === region)?.name
  return state === 'bot' ? [city, insurance && words[insurance]].filter(Boolean).join(' · ') : ''
}

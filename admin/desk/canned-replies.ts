/** Canned replies at the composer: those of everybody and one's own, and what their variables stand for now. */
import { ref, shallowRef } from 'vue'
import { filled, type CannedReply } from '../../contract/canned.ts'
import type { WidgetSettings } from '../../contract/http.ts'
import type { KeptTurn } from '../../contract/turn.ts'
import { get } from '../api.ts'
import { session } from '../session.ts'
import { valuesAt } from './canned-values.ts'
import { saidName } from './said-name.ts'

const freshMs = 60_000

export type CannedReplies = ReturnType<typeof useCannedReplies>

/** @param turns of the conversation that is open: whoever is named there is addressed so. */
export function useCannedReplies(turns: () => readonly KeptTurn[]) {
  const replies = shallowRef<readonly CannedReply[]>([])
  const failure = ref('')
  let bureau = ''
  let askedAt = 0

  return {
    replies,
    failure,

    /** Asked when the list is opened, at most once a minute. */
    async refresh(): Promise<void> {
      if (Date.now() - askedAt < freshMs) return
      askedAt = Date.now()
      try {
        if (bureau === '') bureau = (await get<WidgetSettings>('widget/settings')).bureau
        replies.value = (await get<{ replies: CannedReply[] }>('canned')).replies
        failure.value = ''
      } catch {
        askedAt = 0
        failure.value = '常用语没有读到，请稍后再试'
      }
    },

    textOf({ text }: CannedReply): string {
      const said = turns().filter(({ speaker, hidden }) => speaker === 'customer' && !hidden)
      const name = saidName(said.map(({ text: words }) => words))
      return filled(text, valuesAt(new Date(), { workNumber: session.value?.workNumber ?? '', bureau, name }))
    },
  }
}

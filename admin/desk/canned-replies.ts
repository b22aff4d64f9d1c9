/** Canned replies at the composer: those of everybody and one's own, and what their variables stand for now. */
import { ref, shallowRef } from 'vue'
import { filled, type CannedReply, type CannedVariable } from '../../contract/canned.ts'
import type { WidgetSettings } from '../../contract/http.ts'
import { get } from '../api.ts'
import { dayOf, timeOf } from '../day.ts'
import { session } from '../session.ts'

const freshMs = 60_000

export type CannedReplies = ReturnType<typeof useCannedReplies>

export function useCannedReplies() {
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
      return filled(text, valuesAt(new Date(), { workNumber: session.value?.workNumber ?? '', bureau }))
    },
  }
}

/** Pure. */
export function valuesAt(
  now: Date,
  { workNumber, bureau }: { workNumber: string; bureau: string },
): Record<CannedVariable, string> {
  const moment = now.toISOString()
  const [year = '', month = '', date = ''] = dayOf(now).split('-')
  return {
    工号: workNumber,
    称呼: '您',
    姓名: '您',
    问候: greetingAt(Number(timeOf(moment).slice(0, 2))),
    时间: timeOf(moment),
    日期: `${year}年${Number(month)}月${Number(date)}日`,
    单位: bureau,
  }
}

function greetingAt(hour: number): string {
  if (hour >= 5 && hour < 11) return '上午好'
  if (hour >= 11 && hour < 13) return '中午好'
  return hour >= 13 && hour < 18 ? '下午好' : '晚上好'
}

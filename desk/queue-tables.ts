/** The tables of the queue and the roster, as their stores see them; handover and callback stand in tables.ts. */
import type { Generated } from 'kysely'
import type { LineDays, LineMode } from '../contract/phone-events.ts'
import type { QueueMode } from '../contract/queue.ts'

export type QueueTables = {
  skill: { id: Generated<string>; name: string; words: string[] }
  staff_skill: { staff_id: string; skill_id: string }
  staff_region: { staff_id: string; region: string }
  seat_capacity: { staff_id: string | null; phone: number; web: number; wechat: number }
  urgent_word: { word: string }
  queue_setting: {
    is_only: Generated<boolean>
    mode: QueueMode | null
    ask_minutes: number
    end_minutes: number
    age_minutes: Generated<number>
  }
  elder_contact: { contact_id: string; is_elder: boolean; staff_id: string | null; at: Date }
  shift: {
    id: Generated<string>
    day: string
    from_minute: number
    to_minute: number
    staff_id: string
    rank: number
  }
  duty_phone: { staff_id: string; sealed: string; masked: string }
  line_hours: {
    line: string
    place: number
    on_days: LineDays
    from_time: string
    to_time: string
    mode: LineMode
  }
}

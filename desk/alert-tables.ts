/** The tables of what staff are told, as their stores see them. */
import type { Generated } from 'kysely'
import type { AlertKind } from '../contract/alert.ts'

export type AlertTables = {
  staff_alert: {
    id: Generated<string>
    staff_id: string
    kind: AlertKind
    fact: string
    subject: string
    text: string
    at: Date
    seen_at: Date | null
    /** In the order of writing. */
    place: Generated<number>
  }
  staff_email: { staff_id: string; sealed: string; masked: string }
  answered_dip: { began_at: Date; ended_at: Date | null }
  late_alert: { conversation_id: string; since: Date; level: 'amber' | 'red'; at: Date }
}

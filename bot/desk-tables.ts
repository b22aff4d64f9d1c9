/** Tables that bot/ owns for the desk's sake, as its stores see them. */
import type { Generated } from 'kysely'
import type { FoundHow } from '../contract/person.ts'

export type OfferFate = 'accepted' | 'edited' | 'rejected'
export type OfferedBy = 'bot' | 'search'

export type DeskSideTables = {
  offered_answer: {
    id: Generated<string>
    conversation_id: string
    asked_seq: number
    revision_id: string
    offered_by: OfferedBy
    fate: OfferFate
    said_seq: number | null
    reason: string | null
    staff_id: string
    at: Date
  }
  person_join: {
    id: Generated<string>
    contact_id: string
    other_id: string
    how: FoundHow
    staff_id: string | null
    at: Date
    undone_by: string | null
    undone_at: Date | null
  }
  verified_contact: { contact_id: string; person_id: string; how: FoundHow; staff_id: string | null; at: Date }
}

/** 佐证: files that an officer keeps with a case, to prove that it was put right. */
import { z } from 'zod'
import { text } from './text.ts'

export const mostEvidenceBytes = 5 * 1_024 * 1_024
/** Of one round of a case. */
export const mostEvidence = 10
/** The file is the body; this stands in the address. */
export const evidenceUploadQuery = z.strictObject({ name: text(200).default('佐证') })

export type EvidenceFile = { id: string; name: string; bytes: number; by: string; at: string; isOfThisRound: boolean }

/** What the publish gate asks and tells, and what is done at a later day. */
import { z } from 'zod'
import { text } from './text.ts'

/** Why it is published although questions are answered worse; a reviewer signs for it. */
export const revisionMoveBody = z.strictObject({ override: text(500).optional() }).optional()

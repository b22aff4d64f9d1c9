/** Which dialog a kept state is in the middle of. */
import { z } from 'zod'
import type { DialogName, DialogState } from './script.ts'

/** A changed script is a new id: a dialog that was open in the old one is dropped, never resumed at a wrong line. */
export const dialogIds: Record<DialogName, string> = {
  complaint: 'complaint@1',
  callback: 'callback@1',
  rating: 'rating@1',
}

const stackSchema = z.object({ dialogState: z.object({ dialogStack: z.array(z.object({ id: z.string() })) }) })

/** The dialogs that are open, the last one first heard. */
function stackOf(state: DialogState | undefined): string[] {
  const stack = stackSchema.safeParse(state)
  return stack.success ? stack.data.dialogState.dialogStack.map(({ id }) => id) : []
}

export const isOpen = (state: DialogState | undefined) => stackOf(state).length > 0
export const isOpenIn = (state: DialogState | undefined, name: DialogName) => stackOf(state).includes(dialogIds[name])

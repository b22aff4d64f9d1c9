/** Who may make a case of what was told in a conversation: whoever works cases, and whoever talked with the citizen. */
import type { ConversationView } from '../../contract/agent-events.ts'
import { hasRole } from '../access.ts'
import { myRoles, session } from '../session.ts'

/** The server knows of parts that neither ended in a 小结 nor owe one; these are in the agent's hands. */
export function mayFile(view: ConversationView | undefined): boolean {
  if (!view) return false
  const { workNumber } = session.value ?? {}
  const served = [view.conversation.agentNumber, ...view.unsummedBy, ...view.summaries.map(({ byNumber }) => byNumber)]
  return hasRole(myRoles.value, ['officer', 'supervisor', 'administrator']) || served.includes(workNumber ?? '')
}

/** Who is speaking, and the one way to a person that is there at every moment. */
import type { Conversation } from '../conversation.ts'
import { wording } from '../wording.ts'
import { Icon } from './icons.tsx'
import { Menu, type MenuItem } from './menu.tsx'

const words = wording.header

type Props = {
  bureau: string
  conversation: Conversation
  menu: readonly MenuItem[]
  onPerson: () => void
  onClose?: () => void
}

export function Header({ bureau, conversation, menu, onPerson, onClose }: Props) {
  const isQueued = conversation.state === 'waiting'
  return (
    <header class="header">
      <div class="who">
        <h1>{bureau}</h1>
        <p>{speaking(conversation)}</p>
      </div>
      <button type="button" class="person" onClick={onPerson} title={words.personHint}>
        <Icon of={isQueued ? 'clock' : 'person'} />
        {isQueued ? words.inQueue : words.person}
      </button>
      <Menu items={menu} />
      {onClose && (
        <button type="button" class="plain" onClick={onClose} aria-label={words.closeHint} title={words.close}>
          <Icon of="close" />
          <span class="word">{words.close}</span>
        </button>
      )}
    </header>
  )
}

function speaking({ state, agentNumber }: Conversation): string {
  if (state === 'agent') return agentNumber === undefined ? words.agentUnknown : words.agent(agentNumber)
  return state === 'waiting' ? words.waiting : words.bot
}

/** The events that each namespace of the sockets takes, and how often; the shapes stand in the contract. */
import type { AgentAsk } from '../contract/agent-events.ts'
import type { PhoneAsk } from '../contract/phone-events.ts'
import type { Role } from '../contract/staff.ts'
import type { VisitorAsk } from '../contract/visitor-events.ts'
import type { SocketDoor } from './door.ts'

/** Namespace /visitor: whoever holds a visitor's pass, in that visitor's own conversations alone. */
export const visitorPolicy: Record<VisitorAsk, SocketDoor> = {
  'turn:say': { limit: 'turn' },
  'turns:since': { limit: 'turn' },
  'turns:read': { limit: 'turn' },
  'person:ask': { limit: 'form' },
  'queue:leave': { limit: 'form' },
  'rating:give': { limit: 'form' },
  'complaint:file': { limit: 'form' },
  'callback:book': { limit: 'form' },
  'conversation:end': { limit: 'form' },
  'answer:judge': { limit: 'turn' },
  'region:choose': { limit: 'form' },
  'typing:tell': { limit: 'turn' },
}

/** Namespace /agent: a signed-in agent or supervisor. */
export const agentNamespaceRoles: readonly Role[] = ['agent', 'supervisor']
export const agentPolicy: Record<AgentAsk, SocketDoor> = {
  'presence:set': { limit: 'staff', isUse: true },
  'queue:list': { limit: 'staff' },
  'conversation:open': { limit: 'staff' },
  'conversation:claim': { limit: 'staff', isUse: true },
  'turn:say': { limit: 'staff', isUse: true },
  'conversation:close': { limit: 'staff', isUse: true },
  'summary:write': { limit: 'staff', isUse: true },
  'typing:tell': { limit: 'staff', isUse: true },
  'note:write': { limit: 'staff', isUse: true },
  'mentions:list': { limit: 'staff' },
  'mention:seen': { limit: 'staff', isUse: true },
  'team:list': { limit: 'staff' },
  'turns:before': { limit: 'staff' },
  'viewing:set': { limit: 'staff' },
  'colleagues:list': { limit: 'staff' },
  'conversation:transfer': { limit: 'staff', isUse: true },
  'transfer:accept': { limit: 'staff', isUse: true },
  'transfer:decline': { limit: 'staff', isUse: true },
  'transfer:take-back': { limit: 'staff', isUse: true },
  'audio:open': { limit: 'staff' },
  'audio:close': { limit: 'staff' },
  'call:hold': { limit: 'staff', isUse: true },
  'call:hang-up': { limit: 'staff', isUse: true },
  'call:to-bot': { limit: 'staff', isUse: true },
  'peer:signal': { limit: 'signal' },
  'callback:ring': { limit: 'staff', isUse: true },
  'figures:watch': { limit: 'staff' },
  'handset:look': { limit: 'staff' },
  'handset:ring': { limit: 'staff', isUse: true },
  'handset:put-down': { limit: 'staff', isUse: true },
}

/** Namespace /phone: a phone process that knows PHONE_TOKEN. Its calls are limited where they come in, by SIP. */
export const phonePolicy: Record<PhoneAsk, SocketDoor> = {
  'phone:hello': { limit: 'phone' },
  'call:begin': { limit: 'phone' },
  'call:refuse': { limit: 'phone' },
  'call:note': { limit: 'phone' },
  'call:end': { limit: 'phone' },
  'turn:say': { limit: 'phone' },
  'turn:heard': { limit: 'phone' },
  'person:ask': { limit: 'phone' },
  'queue:leave': { limit: 'phone' },
  'agent:missed': { limit: 'phone' },
  'rating:give': { limit: 'phone' },
  'callback:book': { limit: 'phone' },
  'question:part': { limit: 'phone' },
  'question:leave': { limit: 'phone' },
  'conversation:end': { limit: 'phone' },
  'peer:signal': { limit: 'phone' },
  'callback:begin': { limit: 'phone' },
  'handset:tell': { limit: 'phone' },
  'handset:changed': { limit: 'phone' },
}

/** Sound, frame by frame: never acknowledged, taken only for a call that the sender carries or holds (call-audio.ts). */
export const audioPolicy = { '/agent': ['audio:frame'], '/phone': ['audio:frame'] } as const

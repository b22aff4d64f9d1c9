/**
 * What decides somebody's place in the queue and whom they are given to: what they said, who they are, who knows them.
 * A person who was verified on several channels is the same one on each.
 */
import type { HandoverFlag } from '../contract/queue.ts'
import { callsStore } from '../desk/calls.store.ts'
import { eldersStore } from '../desk/elders.store.ts'
import { hasWord, saysElder, skillNeeded } from '../desk/handover.ts'
import { handoversStore, type Asked } from '../desk/handovers.store.ts'
import { skillsStore } from '../desk/skills.store.ts'
import type { HandoverReason } from '../desk/tables.ts'
import { businessDay } from '../desk/working-days.ts'
import { conversationsStore } from './conversations.store.ts'
import { episodesStore } from './episodes.store.ts'
import type { Talk } from './open-lines.ts'
import { contactsOfPerson } from './same-person.ts'
import { turnsStore } from './turns.store.ts'

/** What was said longer ago is not what they come with now. */
const turnsRead = 40
const dayMs = 24 * 3_600_000
const repeatWithinMs = dayMs
/** An agent is remembered for so long as the one who knows the matter. */
const knowsThemMs = 7 * dayMs
const conversationsRead = 20

/** As whoever gives them up says: a skill, or with null none at all; a region. */
export type Wanted = { skillId?: string | null; region?: string }

/** @param givenUpBy whoever has just given them up; nobody before counts then. */
export async function placing(
  talk: Talk,
  { reason, note, givenUpBy, wanted }: { reason: HandoverReason; note?: string; givenUpBy?: string; wanted?: Wanted },
): Promise<Asked> {
  const { tx, conversation, now } = talk
  const { id: conversationId } = conversation
  const contacts = await contactsOfPerson(tx, conversation.contactId)
  const said = [...(await saidLately(talk)), note ?? '']
  const skills = skillsStore(tx)
  const theirs = [
    conversationId,
    ...(await conversationsStore(tx).historyOf(contacts, conversationId, conversationsRead)).map(({ id }) => id),
  ]
  const flags: HandoverFlag[] = []
  if (await isElder(talk, said, contacts)) flags.push('elder')
  if (!givenUpBy && (await comesAgain(talk, theirs))) flags.push('repeat')
  if (hasWord(said, await skills.urgentWords())) flags.push('urgent-word')
  return {
    ...{ conversationId, reason, note, flags },
    ...(await whoIsWanted(talk, said, reason, wanted)),
    lastAgentId: givenUpBy ?? (await episodesStore(tx).lastAgentOf(theirs, new Date(now.getTime() - knowsThemMs))),
  }
}

/** Who was wanted for them is wanted still when their agent is gone; otherwise what they said tells the skill. */
async function whoIsWanted(
  { tx, conversation }: Talk,
  said: readonly string[],
  reason: HandoverReason,
  wanted: Wanted = {},
): Promise<Pick<Asked, 'skillId' | 'region'>> {
  const before = reason === 'agent_gone' ? await handoversStore(tx).lastWanted(conversation.id) : undefined
  if (before) return before
  const { skillId, region } = wanted
  if (skillId !== undefined) return { skillId: skillId ?? undefined, region }
  return { skillId: skillNeeded(said, await skillsStore(tx).skills()), region }
}

/** The skill that what they said lately needs. */
export async function matterOf(talk: Talk): Promise<string | undefined> {
  const skills = await skillsStore(talk.tx).skills()
  return skills.length > 0 ? skillNeeded(await saidLately(talk), skills) : undefined
}

async function saidLately({ tx, conversation: { id, lastSeq } }: Talk): Promise<string[]> {
  const turns = await turnsStore(tx).since(id, Math.max(0, lastSeq - turnsRead))
  return turns.filter(({ speaker }) => speaker === 'customer').map(({ text }) => text)
}

async function isElder({ tx, conversation, now }: Talk, said: readonly string[], contacts: readonly string[]) {
  const elders = eldersStore(tx)
  const year = Number(businessDay(now).slice(0, 4))
  if (said.some((text) => saysElder(text, year))) await elders.said(conversation.contactId, now)
  return elders.isElder(contacts)
}

/** A person served them today and here they are again, or they ring for the second time. */
async function comesAgain({ tx, now }: Talk, theirs: readonly string[]): Promise<boolean> {
  const since = new Date(now.getTime() - repeatWithinMs)
  if (await handoversStore(tx).wasServed(theirs, since)) return true
  return (await callsStore(tx).countSince(theirs, since)) >= 2
}

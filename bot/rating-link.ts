/** 发评价链接: an agent offers the caller whom they serve to rate this part later, on the telephone's screen. */
import { faultyField, Problem } from '../contract/problem.ts'
import type { Actor } from '../contract/staff.ts'
import { auditStore } from '../desk/audit.store.ts'
import { ratingsStore } from '../desk/ratings.store.ts'
import type { CallerLetters } from './caller-letters.ts'
import { episodesStore } from './episodes.store.ts'
import type { OpenLines } from './open-lines.ts'
import { mustHold } from './seat.ts'

export type SendRatingLink = (conversationId: string, agent: Actor) => Promise<void>

/** @throws Problem not_your_conversation; invalid_input where nothing can be sent; conflict where they were asked today */
export function ratingLink(lines: OpenLines, letters: Pick<CallerLetters, 'rate'>): SendRatingLink {
  return (conversationId, agent) =>
    lines.hold(conversationId, async (talk) => {
      mustHold(talk, agent)
      const part = await episodesStore(talk.tx).openOfAgent(conversationId)
      if (!part || talk.conversation.channel !== 'phone') throw faultyField('', '评价链接只用于电话，别的渠道有评价卡')
      const ratingId = await ratingsStore(talk.tx).ask({ episodeId: part.id, conversationId }, talk.now)
      if (!(await letters.rate(talk, ratingId)))
        throw new Problem('conflict', `the caller of ${conversationId} was sent a link today`)
      const { staffId } = agent
      await auditStore(talk.tx).record({ staffId, act: 'rating.link', subject: conversationId }, talk.now)
    })
}

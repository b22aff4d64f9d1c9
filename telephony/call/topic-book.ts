/**
 * The published titles as callers without open recognition look for them: by code, by initials, by the words that were
 * half understood. Built once for each publication, shared by every call; asking costs a call no more than a moment.
 */
import { setImmediate as nextTurn } from 'node:timers/promises'
import type { Title } from '../../contract/phone-events.ts'
import { isTopicCode } from '../../contract/topic-code.ts'
import { mostTopics, topicSearch, topicSearchInSlices, type TopicSearch } from '../topics/initials.ts'

export type TopicBook = ReturnType<typeof bookOf>

/** The share of the caller's pairs of characters that a wording must have. */
const leastAlike = 0.25

export const emptyTopicBook = bookOf([], topicSearch([]))

/** @param titles the server's order: the first ones are offered to a caller of whom nothing was understood */
export async function topicBook(titles: readonly Title[]): Promise<TopicBook> {
  const topics = titles.map(({ entryId: id, question: title, similar }) => ({ id, title, similar }))
  return bookOf(titles, await topicSearchInSlices(topics, nextTurn))
}

function bookOf(titles: readonly Title[], search: TopicSearch) {
  const byCode = new Map(titles.map(({ code, question }) => [code, question]))

  function alike(near: string): string[] {
    const wanted = pairsOf(near)
    if (wanted.length === 0) return []
    const share = (wording: string) => wanted.filter((pair) => wording.includes(pair)).length / wanted.length
    return titles
      .map(({ question, similar }) => ({ question, score: Math.max(share(question), ...similar.map(share)) }))
      .filter(({ score }) => score >= leastAlike)
      .sort((a, b) => b.score - a.score)
      .slice(0, mostTopics)
      .map(({ question }) => question)
  }

  return {
    /** @returns questions, at most three, best first. */
    byKeys(digits: string): string[] {
      if (!isTopicCode(digits)) return search.find(digits).map(({ title }) => title)
      const question = byCode.get(digits)
      return question === undefined ? [] : [question]
    },

    /** Three to choose from: what is worded like `near`, else the first ones. */
    offer(near: string): string[] {
      const found = alike(near)
      return found.length > 0 ? found : titles.slice(0, mostTopics).map(({ question }) => question)
    },

    size: titles.length,
    /** Words to expect, for a recogniser that can use them. */
    phrases: titles.map(({ question }) => question),
  }
}

function pairsOf(text: string): string[] {
  const chars = [...text.replace(/[\s\p{P}\p{S}]/gu, '')]
  return chars.slice(1).map((char, at) => `${chars[at]}${char}`)
}

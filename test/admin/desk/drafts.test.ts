import { beforeEach, expect, it } from 'vitest'
import { clearDrafts, drafts, type Shelf } from '../../../admin/desk/drafts.ts'

function aShelf(): Shelf & { keys: () => string[] } {
  const kept = new Map<string, string>()
  return {
    get length() {
      return kept.size
    },
    key: (i) => [...kept.keys()][i] ?? null,
    getItem: (key) => kept.get(key) ?? null,
    setItem: (key, value) => void kept.set(key, value),
    removeItem: (key) => void kept.delete(key),
    keys: () => [...kept.keys()],
  }
}

let shelf = aShelf()
beforeEach(() => (shelf = aShelf()))

it('gives back what was written, each conversation its own', () => {
  drafts(shelf, 'li').keepDraft('a', { text: '您好' })
  expect(drafts(shelf, 'li').draftOf('a')).toEqual({ text: '您好' })
  expect(drafts(shelf, 'li').draftOf('b')).toEqual({ text: '' })
})

it('shows nobody a colleague’s draft', () => {
  drafts(shelf, 'li').keepDraft('a', { text: '您好' })
  expect(drafts(shelf, 'wang').draftOf('a')).toEqual({ text: '' })
})

it('keeps words that were said but not acknowledged across a reload', () => {
  const said = { clientId: 'c1234567', text: '您好', expectedSeq: 3 }
  drafts(shelf, 'li').keepPending('a', [said])
  expect(drafts(shelf, 'li').pendingOf('a')).toEqual([said])
})

it('clears everything of the desk on signing out, and nothing else', () => {
  shelf.setItem('other', '1')
  for (const who of ['li', 'wang']) {
    drafts(shelf, who).keepDraft('a', { text: '您好' })
    drafts(shelf, who).keepPending('a', [{ clientId: 'c1234567', text: '您好', expectedSeq: 3 }])
    drafts(shelf, who).markRead('a', 7)
  }
  clearDrafts(shelf)
  expect(shelf.keys()).toEqual(['other'])
})

it('takes leavings it cannot read as nothing', () => {
  shelf.setItem('budayang.desk.li.draft.a', '{"text":1}')
  shelf.setItem('budayang.desk.li.pending.a', 'not json')
  expect(drafts(shelf, 'li').draftOf('a')).toEqual({ text: '' })
  expect(drafts(shelf, 'li').pendingOf('a')).toEqual([])
})

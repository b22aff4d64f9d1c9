import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { actOf, neighbour, strokes } from '../../../admin/desk/keys.ts'

const bare = { code: '', key: '', altKey: false, ctrlKey: false, metaKey: false, isComposing: false }
const alt = (letter: string) => ({ ...bare, altKey: true, code: `Key${letter}`, key: '∆' })

describe('a stroke', () => {
  it.each([
    ['J', 'next'],
    ['K', 'previous'],
    ['L', 'reply'],
    ['P', 'note'],
    ['E', 'close'],
    ['S', 'send-draft'],
    ['Q', 'search'],
    ['T', 'transfer'],
    ['C', 'file-case'],
    ['A', 'accept'],
    ['W', undefined],
  ] as const)('Alt+%s is %s, in a box or out of it, whatever letter the system makes of it', (letter, act) => {
    expect(actOf(alt(letter), true)).toBe(act)
    expect(actOf(alt(letter), false)).toBe(act)
  })

  it('of a question mark opens the list, but not while somebody writes', () => {
    for (const key of ['?', '？']) {
      expect(actOf({ ...bare, key }, false)).toBe('help')
      expect(actOf({ ...bare, key }, true)).toBeUndefined()
    }
  })

  it('belongs to the input method while a word is picked, and to the browser with Ctrl', () => {
    expect(actOf({ ...alt('J'), isComposing: true }, false)).toBeUndefined()
    expect(actOf({ ...alt('J'), ctrlKey: true }, false)).toBeUndefined()
  })

  it('is listed for everything that there is to do', () => {
    expect(strokes.map(({ act }) => act).sort()).toEqual([
      ...['accept', 'close', 'decline', 'edit-draft', 'file-case', 'help', 'insert', 'next', 'note', 'previous'],
      ...['reject-draft', 'reply', 'search', 'send-draft', 'transfer'],
    ])
  })
})

describe('the neighbour in the list', () => {
  it('goes through all of them and back to where it began', () => {
    fc.assert(
      fc.property(
        fc.uniqueArray(fc.uuid(), { minLength: 1 }),
        fc.constantFrom(1 as const, -1 as const),
        (ids, step) => {
          const seen: (string | undefined)[] = []
          let at = neighbour(ids, undefined, step)
          for (const _ of ids) {
            seen.push(at)
            at = neighbour(ids, at, step)
          }
          expect(seen.sort()).toEqual([...ids].sort())
          expect(at).toBe(neighbour(ids, undefined, step))
        },
      ),
    )
  })

  it('is nobody in an empty list', () => {
    expect(neighbour([], 'x', 1)).toBeUndefined()
  })
})

import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { matchingTeam, mentionedIn, mentionWords, putIn, typedBehind } from '../../../admin/desk/mention.ts'

const mate = (workNumber: string, displayName: string) => ({ staffId: workNumber, workNumber, displayName })
const team = [mate('1002', '王芳'), mate('1003', '李强'), mate('10', '周')]

describe('what is typed behind a sign', () => {
  it.each([
    ['/', '/问', { from: 0, typed: '问' }],
    ['/', '您好 /', { from: 3, typed: '' }],
    ['/', '您好\n/结束', { from: 3, typed: '结束' }],
    ['/', '和/或', undefined],
    ['/', 'https://a.cn', undefined],
    ['/', '/问候 之后', undefined],
    ['/', '没有', undefined],
  ] as const)('%s in %j is %j', (sign, text, expected) => {
    expect(typedBehind(sign, text, text.length)).toEqual(expected)
  })

  it('may follow a Chinese word where the sign is free, never an address', () => {
    expect(typedBehind('@', '请@10', 4, true)).toEqual({ from: 1, typed: '10' })
    expect(typedBehind('@', 'a@b', 3, true)).toBeUndefined()
  })

  it('is what stands before the caret alone, and is replaced with its sign', () => {
    const text = '您好 /问 再见'
    const typed = typedBehind('/', text, 5)
    expect(typed).toEqual({ from: 3, typed: '问' })
    expect(typed && putIn(text, 5, typed, '早上好')).toEqual({ text: '您好 早上好 再见', caret: 6 })
  })
})

describe('a mention', () => {
  it('is found by work number, whatever is written around it', () => {
    expect(mentionedIn('@1002 王芳 请看，@1003：也看', team).map(({ workNumber }) => workNumber)).toEqual([
      '1002',
      '1003',
    ])
    expect(mentionedIn('工号 1002 说的', team)).toEqual([])
  })

  it('that was chosen from the list is found again', () => {
    fc.assert(
      fc.property(fc.subarray(team), fc.constantFrom('请看 ', '，', '\n'), (chosen, between) => {
        const text = chosen.map(mentionWords).join(between)
        expect(mentionedIn(text, team)).toEqual(chosen)
      }),
    )
  })

  it('is offered by the beginning of a number or any part of a name', () => {
    expect(matchingTeam(team, '100').map(({ displayName }) => displayName)).toEqual(['王芳', '李强'])
    expect(matchingTeam(team, '芳').map(({ displayName }) => displayName)).toEqual(['王芳'])
    expect(matchingTeam(team, '')).toHaveLength(3)
  })
})

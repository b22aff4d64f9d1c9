import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { wantedTime } from '../../../bot/dialogs/wanted-time.ts'

const now = new Date('2026-11-23T02:00:00Z') // Monday 10:00 in Shanghai

describe('a wanted time', () => {
  it.each([
    ['明天下午三点', '2026-11-24T07:00:00.000Z'],
    ['明天上午', '2026-11-24T02:00:00.000Z'],
    ['明天下午', '2026-11-24T07:00:00.000Z'],
    ['后天上午十点半', '2026-11-25T02:30:00.000Z'],
    ['下午3点', '2026-11-23T07:00:00.000Z'],
    ['明天9:30', '2026-11-24T01:30:00.000Z'],
    ['明天早上八点一刻', '2026-11-24T00:15:00.000Z'],
    ['大后天两点', '2026-11-26T06:00:00.000Z'],
    ['今天十一点二十', '2026-11-23T03:20:00.000Z'],
  ])('reads %s', (said, at) => {
    expect(wantedTime(said, now)).toEqual({ kind: 'at', at })
  })

  it.each(['尽快', '马上打给我', '都可以'])('takes %s as soon as possible', (said) => {
    expect(wantedTime(said, now)).toEqual({ kind: 'soon' })
  })

  it.each(['今天上午九点', '不知道', '', '明天25点', '谢谢'])('does not guess at %s', (said) => {
    expect(wantedTime(said, now)).toBeUndefined()
  })

  it('is never past and never beyond thirty days, whatever is said', () => {
    fc.assert(
      fc.property(fc.stringMatching(/^[今明后大天上下午晚早两一二三四五六七八九十点半刻分时:0-9 ]{0,12}$/), (said) => {
        const wanted = wantedTime(said, now)
        if (wanted?.kind !== 'at') return true
        const ahead = new Date(wanted.at).getTime() - now.getTime()
        return ahead > 0 && ahead <= 30 * 86_400_000
      }),
      { numRuns: 2_000 },
    )
  })

  it('never throws', () => {
    fc.assert(fc.property(fc.string({ unit: 'grapheme' }), (said) => void wantedTime(said, now)))
  })
})

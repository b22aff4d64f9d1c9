import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { isIdNumber, maskBankCard, maskIdNumber, maskPhone, maskText } from '../../desk/masking.ts'

/** The example number of GB 11643 itself. */
const exampleId = '11010519491231002X'

describe('one value', () => {
  it('keeps enough to tell two apart', () => {
    expect(maskPhone('13800138000')).toBe('138****8000')
    expect(maskIdNumber(exampleId)).toBe('110105********002X')
    expect(maskBankCard('6222021234567890123')).toBe('6222***********0123')
  })

  it('shows nothing of a value too short to hide the middle of', () => {
    expect(maskPhone('12345')).toBe('*****')
  })

  it('is not shown of an address that lets its holder in, and a printed code stays', () => {
    const token = 'f8N0nRk1Q2mW8zB3vX7yTQabcdefghijklmnopqrstu'
    expect(maskText(`请评价：https://a.gov.cn/rate/${token}，谢谢`)).toBe(
      '请评价：https://a.gov.cn/rate/（凭证不显示），谢谢',
    )
    expect(maskText(`http://a/wechat/go/${token}`)).toBe('http://a/wechat/go/（凭证不显示）')
    const printed = 'https://a.gov.cn/rate/window/7b1d6c1e-2f5a-4c6e-9d3b-0a1b2c3d4e5f'
    expect(maskText(printed)).toBe(printed)
  })

  it('knows an ID number by its check digit', () => {
    expect(isIdNumber(exampleId)).toBe(true)
    expect(isIdNumber('11010519491231002x')).toBe(true)
    expect(isIdNumber('110105194912310021')).toBe(false)
    expect(isIdNumber('1101051949123100')).toBe(false)
    expect(isIdNumber(` ${exampleId}`)).toBe(false)
  })

  it('notices every single wrong digit', () => {
    for (let i = 0; i < 17; i++)
      for (let wrong = 0; wrong <= 9; wrong++) {
        if (exampleId[i] === String(wrong)) continue
        expect(isIdNumber(exampleId.slice(0, i) + String(wrong) + exampleId.slice(i + 1))).toBe(false)
      }
  })
})

describe('free text', () => {
  it.each([
    [`我的身份证是${exampleId}，请查。`, '我的身份证是110105********002X，请查。'],
    ['电话13800138000或+86 139-0013-9000', '电话138****8000或+86 139-****-9000'],
    ['共3 13800138000', '共3 138****8000'],
    ['座机0551-62345678', '座机055*-****5678'],
    ['卡号6222 0212 3456 7890 123', '卡号6222 **** **** ***0 123'],
    ['卡号６２２２０２１２３４５６７８９０', '卡号６２２２********７８９０'],
    ['电话幺三八零零幺三八零零零', '电话幺三八****八零零零'],
    ['旧身份证110105491231002', '旧身份证1101*******1002'],
  ])('masks %s', (text, masked) => {
    expect(maskText(text)).toBe(masked)
  })

  it.each([
    '2026年11月22日 09:30 拨打12393，缴费400元',
    '2026-11-22 2026-12-31',
    '皖医保发〔2026〕15号第三十一条',
    '第一二三四五项',
    '',
  ])('leaves alone what identifies nobody: %s', (text) => {
    expect(maskText(text)).toBe(text)
  })

  it('never lets a valid ID number through, however it is written and whatever stands around it', () => {
    fc.assert(
      fc.property(
        idNumbers,
        ids.gaps,
        ids.surroundings,
        ids.surroundings,
        fc.boolean(),
        (id, gaps, before, after, wide) => {
          const written = [...id].map((sign, i) => (wide ? fullWidth(sign) : sign) + (gaps[i] ?? '')).join('')
          const masked = maskText(before + written + after)
          expect(plain(masked)).not.toContain(id)
          expect(plain(masked)).toContain('****')
        },
      ),
      { numRuns: 3_000 },
    )
  })

  it('never lets one of two ID numbers through that stand without a gap', () => {
    fc.assert(
      fc.property(idNumbers, idNumbers, (one, other) => {
        const masked = maskText(one + other)
        expect(masked).not.toContain(one)
        expect(masked).not.toContain(other)
      }),
    )
  })

  it('keeps the length and every sign that is not a digit', () => {
    fc.assert(
      fc.property(fc.string({ unit: fc.constantFrom(...'0123456789Xx -人工号。') }), (text) => {
        const masked = maskText(text)
        expect(masked).toHaveLength(text.length)
        ;[...masked].forEach((sign, i) => expect(sign === text[i] || sign === '*').toBe(true))
        expect(masked.replace(/[\d*Xx]/g, '')).toBe(text.replace(/[\dXx]/g, ''))
      }),
      { numRuns: 2_000 },
    )
  })

  it('is not slowed out of proportion by a text of nothing but digits and blanks', () => {
    const started = performance.now()
    maskText('1 '.repeat(20_000))
    maskText('7'.repeat(40_000))
    expect(performance.now() - started).toBeLessThan(5_000)
  })
})

const idNumbers = fc.array(fc.integer({ min: 0, max: 9 }), { minLength: 17, maxLength: 17 }).map((digits) => {
  const body = digits.join('')
  const weights = [7, 9, 10, 5, 8, 4, 2, 1, 6, 3, 7, 9, 10, 5, 8, 4, 2]
  const sum = digits.reduce((total, digit, i) => total + digit * (weights[i] ?? 0), 0)
  return body + '10X98765432'.charAt(sum % 11)
})

const ids = {
  gaps: fc.array(fc.constantFrom('', '', '', ' ', '-', '\u200b'), { minLength: 17, maxLength: 17 }),
  surroundings: fc.constantFrom('', '身份证', '：', '12', '1 ', '，电话13800138000', ' 2026-11-22', 'abc'),
}

function fullWidth(sign: string): string {
  return String.fromCharCode(sign.charCodeAt(0) + 0xfee0)
}

function plain(text: string): string {
  return text.normalize('NFKC').replace(/[\s\-\u200b]/g, '')
}

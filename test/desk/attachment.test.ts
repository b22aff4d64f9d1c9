import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { cleanedName, typeOf } from '../../desk/attachment.ts'

const jpeg = { kind: 'image', extension: 'jpg' } as const

describe('a file', () => {
  it.each([
    ['a photograph', [0xff, 0xd8, 0xff, 0xe0], 'image/jpeg'],
    ['a screenshot', [0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a, 0x1a, 0x0a], 'image/png'],
    ['a paper', [...Buffer.from('%PDF-1.7')], 'application/pdf'],
    ['a voice of WeChat', [...Buffer.from('#!AMR\n')], 'audio/amr'],
    ['a film', [0, 0, 0, 24, ...Buffer.from('ftypisom')], 'video/mp4'],
  ])('is known by what is in it: %s', (_what, bytes, type) => {
    expect(typeOf(Buffer.from([...bytes, 0, 0]))?.type).toBe(type)
  })

  it.each([
    ['a program', 'MZ\u0090\0\u0003'],
    ['a page', '<!doctype html><script>alert(1)</script>'],
    ['a drawing that runs scripts', '<svg xmlns="http://www.w3.org/2000/svg"/>'],
    ['an animation', 'GIF89a'],
    ['an archive', 'PK\u0003\u0004'],
    ['a paper behind something else', ' %PDF-1.7'],
    ['nothing', ''],
  ])('is not known: %s', (_what, text) => {
    expect(typeOf(Buffer.from(text, 'latin1'))).toBeUndefined()
  })

  it('is not known by any first bytes but those of its kind', () => {
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 16 }), (bytes) => {
        const file = Buffer.from(bytes)
        const isOurs = /^(\xff\xd8\xff|\x89PNG\r\n\x1a\n|%PDF-|#!AMR|[\s\S]{4}ftyp)/.test(file.toString('latin1'))
        expect(typeOf(file) !== undefined && !isOurs).toBe(false)
      }),
    )
  })
})

describe('a name', () => {
  it.each([
    ['身份证 正面.JPG', '身份证 正面.jpg'],
    ['../../etc/passwd', 'passwd.jpg'],
    ['C:\\Users\\me\\photo.png', 'photo.jpg'],
    ['.htaccess', '图片.jpg'],
    ['照片\u202Egpj.exe', '照片gpj.jpg'],
    ['invoice.pdf.exe', 'invoice.pdf.jpg'],
    ['a"b\r\nset-cookie: x', 'abset-cookie x.jpg'],
    ['   ', '图片.jpg'],
  ])('of %o is kept as %o', (given, kept) => {
    expect(cleanedName(given, jpeg)).toBe(kept)
  })

  it('that anybody could give can be saved, is short, and ends as its content does', () => {
    fc.assert(
      fc.property(fc.array(fc.integer({ min: 1, max: 0x10ffff }), { maxLength: 200 }), (codes) => {
        const given = String.fromCodePoint(...codes)
        const name = cleanedName(given, jpeg)
        expect(name).toMatch(/^[^\\/<>:"|?*\p{Cc}\p{Cf}]+\.jpg$/u)
        expect([...name].length).toBeLessThanOrEqual(64)
        expect(name.startsWith('.') || name.startsWith('-')).toBe(false)
      }),
    )
  })
})

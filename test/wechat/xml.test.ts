/** WeChat's XML: what the platform sends is read, what would harm is none, what we write can be read again. */
import { existsSync, readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { readInbound } from '../../wechat/inbound.ts'
import { readXml, writeXml } from '../../wechat/xml.ts'

const folder = join(import.meta.dirname, '../../../shared/data/wechat-xml')
const inboundOf = (name: string) => {
  const fields = readXml(readFileSync(join(folder, `${name}.xml`), 'utf8'))
  return fields && readInbound(fields)
}

const isThere = existsSync(folder)
if (!isThere) console.log('not run: collected XML messages, ../shared/data/wechat-xml is not there')

describe.skipIf(!isThere)('the collected messages (../shared/data/wechat-xml)', () => {
  it.each(readdirSync(isThere ? folder : '.').filter((name) => name.endsWith('.xml')))(
    '%s is a plain message or none, soon, and leaves nothing behind',
    (file) => {
      const read = inboundOf(file.replace(/\.xml$/, ''))
      if (read) expect(['text', 'other']).toContain(read.kind)
      expect(Object.prototype).not.toHaveProperty('admin')
      if (read?.kind === 'text') expect(read.text).not.toMatch(/root:|file:/)
    },
  )

  it('is read as it was written', () => {
    expect(inboundOf('ok')).toMatchObject({
      kind: 'text',
      text: '医保缴费',
      openId: 'oOPENID',
      key: 'm:1234567890123456',
    })
  })

  it('keeps every digit of a long number', () => {
    expect(inboundOf('bigid')?.key).toBe('m:92233720368547758079999')
  })

  it.each([
    'badtime',
    'billion-laughs-raw',
    'deep',
    'dupkeys',
    'empty',
    'json',
    'laughs',
    'proto',
    'trunc',
    'xxe-file',
    'xxe-http',
    'xxe-param',
  ])('is none: %s', (name) => expect(inboundOf(name)).toBeUndefined())
})

it('reads what it writes, whatever is in it', () => {
  fc.assert(
    fc.property(fc.string({ unit: 'grapheme', maxLength: 200 }), (text) => {
      const storable = text.replace(/[\u0000-\u0008\u000b\u000c\u000e-\u001f\ufffe\uffff]/g, '')
      expect(readXml(writeXml({ Content: text, CreateTime: 5 }))).toEqual({ Content: storable, CreateTime: '5' })
    }),
  )
})

it.each(['答]]>完', ']]>]]>', ']]', '<a href="x">&amp;</a>'])('keeps %s as it is', (text) => {
  expect(readXml(writeXml({ Content: text }))?.['Content']).toBe(text)
})

it('takes a field that comes twice for no message', () => {
  expect(readXml('<xml><Content>a</Content><Content>b</Content></xml>')).toBeUndefined()
})

import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import {
  cannedSchema,
  cannedVariables,
  filled,
  matching,
  unknownVariables,
  type CannedReply,
  type CannedVariable,
} from '../../contract/canned.ts'

const values = Object.fromEntries(cannedVariables.map((name) => [name, `<${name}>`])) as Record<CannedVariable, string>
const part = fc.oneof(
  fc.constantFrom(...cannedVariables).map((name) => `{{${name}}}`),
  fc.constantFrom('{{', '}}', '{', '}', '您好', ' ', '{{ 工号 }}', '{{身份证}}', '{{}}'),
)

describe('a canned reply', () => {
  it('leaves no brace of ours to a citizen when it was let in and all its braces are pairs', () => {
    const sound = fc.constantFrom(...cannedVariables).map((name) => `{{${name}}}`)
    fc.assert(
      fc.property(fc.array(fc.oneof(sound, fc.constantFrom('您好', '，', '{{ 工号 }}')), { minLength: 1 }), (parts) => {
        const text = parts.join('')
        expect(cannedSchema.safeParse({ shared: false, name: '一', text: `好${text}` }).success).toBe(true)
        expect(filled(text, values)).not.toMatch(/[{}]/)
      }),
    )
  })

  it('is refused exactly when it holds a name that is no variable', () => {
    fc.assert(
      fc.property(fc.array(part, { maxLength: 12 }), (parts) => {
        const text = `好${parts.join('')}`
        const { success } = cannedSchema.safeParse({ shared: true, name: '一', text })
        expect(success).toBe(unknownVariables(text).length === 0)
      }),
    )
  })

  it('fills what it knows and leaves the rest as it was written', () => {
    expect(filled('{{称呼}}好，{{ 工号 }} 号。{{没有}}', values)).toBe('<称呼>好，<工号> 号。{{没有}}')
  })
})

describe('what was typed behind the slash', () => {
  const reply = (name: string, text = '', shared = true): CannedReply => ({
    ...{ id: name, shared, name, text, by: '', changedAt: '' },
  })
  const names = (typed: string, ...replies: CannedReply[]) => matching(replies, typed).map(({ id }) => id)

  it('finds names that begin with it, then names that hold it, then texts', () => {
    const replies = [reply('结束', '问候之后'), reply('再问候'), reply('问候'), reply('查询')]
    expect(names('问候', ...replies)).toEqual(['问候', '再问候', '结束'])
  })

  it('finds all by nothing, one’s own first', () => {
    expect(names('', reply('共用'), reply('我的', '', false))).toEqual(['我的', '共用'])
  })

  it('takes no account of capitals', () => {
    expect(names('HELLO', reply('hello'))).toEqual(['hello'])
  })
})

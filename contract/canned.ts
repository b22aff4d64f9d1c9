/**
 * 常用语: replies that are written once and said often, with variables that are filled when one is put in. Personal
 * ones are their owner's alone, shared ones everybody's.
 */
import { z } from 'zod'
import { text, uuid } from './text.ts'

/** What stands between double braces. 姓名 and 称呼 are what the citizen says they are called: no name is kept of anybody. */
export const cannedVariables = ['工号', '称呼', '姓名', '问候', '时间', '日期', '单位'] as const
export type CannedVariable = (typeof cannedVariables)[number]

const variable = /\{\{\s*([^{}]*?)\s*\}\}/g
const isKnown = (name: string): name is CannedVariable => cannedVariables.some((known) => known === name)

/** Names between double braces that are no variable: they would reach a citizen as they stand. */
export function unknownVariables(written: string): string[] {
  const names = [...written.matchAll(variable)].map(([, name = '']) => name)
  return [...new Set(names.filter((name) => !isKnown(name)))]
}

/** What is no variable stays as it is. */
export function filled(written: string, values: Readonly<Record<CannedVariable, string>>): string {
  return written.replace(variable, (whole, name: string) => (isKnown(name) ? values[name] : whole))
}

const list = cannedVariables.map((name) => `{{${name}}}`).join('、')

/** Without `id` a new one. */
export const cannedSchema = z.strictObject({
  id: uuid.optional(),
  shared: z.boolean('应为 true 或 false'),
  name: text(20).regex(/^[^\s/{}]+$/u, '名称里不能有空格、斜线和花括号'),
  text: text(1_000).refine((written) => unknownVariables(written).length === 0, `有不认识的变量，可以用的是 ${list}`),
})
export type CannedChange = z.infer<typeof cannedSchema>

export type CannedReply = { id: string; shared: boolean; name: string; text: string; by: string; changedAt: string }

/**
 * Those that fit what was typed behind the slash: a name that begins with it, then a name that holds it, then a text.
 * Personal ones before shared ones among equals.
 */
export function matching(replies: readonly CannedReply[], typed: string): CannedReply[] {
  const wanted = typed.toLocaleLowerCase()
  const rank = ({ name, text: words }: CannedReply) => {
    const at = name.toLocaleLowerCase().indexOf(wanted)
    if (at === 0) return 0
    if (at > 0) return 1
    return words.toLocaleLowerCase().includes(wanted) ? 2 : undefined
  }
  return replies
    .flatMap((reply) => {
      const found = rank(reply)
      return found === undefined ? [] : [{ reply, rank: found }]
    })
    .sort((a, b) => a.rank - b.rank || Number(a.reply.shared) - Number(b.reply.shared))
    .map(({ reply }) => reply)
}

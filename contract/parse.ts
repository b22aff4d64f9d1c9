/**
 * The one way in which outside data becomes typed data. Every edge (HTTP, sockets, packs) parses here, once.
 */
import { z } from 'zod'
import { Problem, type FaultyField } from './problem.ts'

z.config({
  ...z.locales.zhCN(),
  // zod's own Chinese names types in English ("期望 string"); a person reads this.
  customError: (issue) => (issue.code === 'invalid_type' ? wrongType(issue.input, issue.expected) : undefined),
})

const typeNames: Record<string, string> = {
  string: '文字',
  number: '数字',
  int: '整数',
  boolean: '是或否',
  array: '列表',
  object: '一组字段',
}

function wrongType(given: unknown, expected: string): string {
  return given === undefined ? '请填写这一项' : `应为${typeNames[expected] ?? '别的类型'}`
}

/**
 * @throws Problem invalid_input with every faulty field, its path dotted ("sources.0.title") and its message
 * in Chinese; an unknown key is named as a faulty field of its own. The path of the whole value is "".
 */
export function parse<S extends z.ZodType>(schema: S, value: unknown): z.output<S> {
  const parsed = schema.safeParse(value)
  if (parsed.success) return parsed.data
  const fields = faultyFields(parsed.error)
  throw new Problem('invalid_input', fields.map((f) => `${f.path}: ${f.message}`).join('; '), { fields })
}

export function faultyFields(error: z.ZodError): FaultyField[] {
  return error.issues.flatMap((issue): FaultyField[] => {
    if (issue.code === 'unrecognized_keys')
      return issue.keys.map((key) => ({ path: dotted([...issue.path, key]), message: '没有这个字段' }))
    return [{ path: dotted(issue.path), message: issue.message }]
  })
}

function dotted(path: readonly PropertyKey[]): string {
  return path.map(String).join('.')
}

/**
 * What the server says against single fields, sorted to the fields of a form. A message that no field of the form
 * can show goes to the form's head: nothing the server said is ever swallowed.
 */
import type { FaultyField } from '../contract/problem.ts'

export type FieldMessages<F extends string> = { at: Partial<Record<F, string>>; head: string[] }

/**
 * @param names the form's fields, as the server's paths begin ("sources", "guide.materials").
 * @param prefix what stands before them in the request ("wording.").
 */
export function fieldMessages<F extends string>(
  fields: readonly FaultyField[],
  names: readonly F[],
  prefix = '',
): FieldMessages<F> {
  const at: Partial<Record<F, string>> = {}
  const head: string[] = []
  for (const { path, message } of fields) {
    const own = path.startsWith(prefix) ? path.slice(prefix.length) : path
    const name = names.findLast((field) => own === field || own.startsWith(`${field}.`))
    if (name === undefined) head.push(own === '' ? message : `${own}：${message}`)
    else at[name] = [...new Set([at[name], rowWords(own.slice(name.length + 1)) + message])].filter(Boolean).join('；')
  }
  return { at, head }
}

/** "3" or "3.title" → "第 4 条：", since a person counts from one. */
function rowWords(rest: string): string {
  const row = /^\d+/.exec(rest)?.[0]
  return row === undefined ? '' : `第 ${Number(row) + 1} 条：`
}

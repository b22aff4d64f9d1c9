/**
 * Whether a folder holds a Mandarin model that our phone rule fits. Checked before it is handed to native code, which
 * ends a process where we would have liked a sentence.
 */
import { readFile, stat } from 'node:fs/promises'
import { join } from 'node:path'
import { allSyllables, phonesOf } from './phones.ts'

/** Where Debian's pocketsphinx-en-us puts its model. */
export const englishModelFolder = '/usr/share/pocketsphinx/model/en-us/en-us'

const files = ['feat.params', 'mdef', 'means', 'variances', 'noisedict', 'sendump', 'transition_matrices']
/** The names of the phones stand at the beginning of mdef. */
const headBytes = 65_536

/** @returns in Chinese what is wrong with the folder, or nothing. */
export async function mandarinModelFault(folder: string): Promise<string | undefined> {
  const missing: string[] = []
  for (const file of files) {
    const found = await stat(join(folder, file)).catch(() => undefined)
    if (!found?.isFile()) missing.push(file)
  }
  if (missing.length > 0) return `缺少文件 ${missing.join('、')}`
  const head = (await readFile(join(folder, 'mdef'))).subarray(0, headBytes).toString('latin1')
  const known = new Set(head.split(/[\0\s]+/))
  const needed = new Set(allSyllables().flatMap((one) => phonesOf(one, 'mandarin').flatMap((way) => way.split(' '))))
  const unknown = [...needed].filter((phone) => !known.has(phone))
  return unknown.length > 0 ? `不是可用的普通话模型，没有音素 ${unknown.slice(0, 5).join('、')}` : undefined
}

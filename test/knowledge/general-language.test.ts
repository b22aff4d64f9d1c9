import { join } from 'node:path'
import { Jieba } from '@node-rs/jieba'
import { dict } from '@node-rs/jieba/dict.js'
import { expect, it, vi } from 'vitest'
import { readGolden } from '../../knowledge/golden.ts'

it('reads the dictionary in steps, on from where somebody could not wait, and knows the same words as when it is read at once', async () => {
  // Another file of this worker may have read it.
  vi.resetModules()
  const { allWords, languageSteps, tellingness } = await import('../../knowledge/text/general-language.ts')
  const steps = languageSteps()
  for (let at = 0; at < 5; at++) expect(steps.next().done).toBe(false)
  expect(tellingness('的')).toBeLessThan(tellingness('医保'))
  expect(steps.next().done).toBe(true)
  expect(languageSteps().next().done).toBe(true)

  const whole = Jieba.withDict(dict)
  const golden = await readGolden(join(import.meta.dirname, '..', '..', 'knowledge', 'golden', 'golden.fit.jsonl'))
  expect(golden.filter(({ text }) => allWords(text).join() !== whole.cut(text, true).join())).toEqual([])
})

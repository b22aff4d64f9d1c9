/** docs/wechat-checklist.md names tests that exist. */
import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { expect, it } from 'vitest'

const root = join(import.meta.dirname, '..', '..')
const named = readFileSync(join(root, 'docs/wechat-checklist.md'), 'utf8')
  .split('\n')
  .flatMap((line) => {
    const [, , file, title] = line.split('|').map((cell) => cell.trim())
    return file?.startsWith('test/') && title ? [{ file, title }] : []
  })

it('names a test for each behaviour of WeChat, in the words of its title', () => {
  expect(named.length).toBeGreaterThan(30)
  const gone = named.filter(({ file, title }) => !readFileSync(join(root, file), 'utf8').includes(`'${title}'`))
  expect(gone).toEqual([])
})

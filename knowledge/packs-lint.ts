/**
 * `npm run packs:lint [folder]`: every fault of the shipped packs as "path:line field: message" and exit code 1, or the
 * number of entries of each pack. What only should be looked at is told as 提示, with `-- --notices`, and fails nothing.
 */
import { join, relative } from 'node:path'
import { fileURLToPath } from 'node:url'
import { lintPacks, packNotices } from './pack-lint.ts'
import { readPacks } from './pack-folder.ts'

const shipped = fileURLToPath(new URL('packs', import.meta.url))
const told = process.argv.slice(2)
const folder = told.find((word) => !word.startsWith('--')) ?? shipped
const today = new Intl.DateTimeFormat('sv-SE', { timeZone: 'Asia/Shanghai' }).format(new Date())

const { packs, faults } = await readPacks(folder)
const found = [...faults, ...lintPacks(packs, today)]
for (const { file, line, field, message } of found)
  console.log(`${relative('.', join(folder, file))}:${line} ${field ? `${field}: ` : ''}${message}`)

if (found.length > 0) {
  console.log(`共 ${found.length} 处需要修改`)
  process.exitCode = 1
} else {
  for (const pack of packs) console.log(`${pack.name} ${pack.title}：${pack.entries.length} 条`)
}

const notices = packNotices(packs, today)
if (told.includes('--notices'))
  for (const { file, line, field, message } of notices)
    console.log(`${relative('.', join(folder, file))}:${line} 提示 ${field}: ${message}`)
else if (notices.length > 0) console.log(`另有 ${notices.length} 处提示，加 -- --notices 查看`)

/** Packs in a folder of their own, for tests that read them from disk. */
import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'

export type Files = Record<string, string | Uint8Array>

export const nationalHead = 'name: nat\ntitle: 全国\nnotice: 随附示例，待本单位审核\n'
export const cityHead = `name: ll
title: 吕梁
notice: 随附示例，待本单位审核
region:
  code: '141100'
  name: 吕梁市
  aliases: [吕梁]
`

/** A sound entry; a field given as null is left out, any other replaces the one of that name. */
export function entryYaml(id: string, fields: Record<string, string | null> = {}): string {
  const sound: Record<string, string | null> = {
    id,
    question: `${id} 怎么办理`,
    similar: `[${id} 咋弄]`,
    answer: `${id} 到窗口办理。`,
    spoken: `${id} 到窗口办理。`,
    sources: '[{ title: 测试文件 }]',
    topic: '参保',
    validFrom: '2024-01-01',
    ...fields,
  }
  return Object.entries(sound)
    .flatMap(([name, value]) => (value === null ? [] : `${name}: ${value}\n`))
    .join('')
}

/** @returns the folder; `write` adds or replaces files in it, `remove` takes it away. */
export async function packFolder(files: Files = {}) {
  const folder = await mkdtemp(join(tmpdir(), 'budayang-packs-'))
  async function write(some: Files): Promise<void> {
    for (const [path, content] of Object.entries(some)) {
      await mkdir(dirname(join(folder, path)), { recursive: true })
      await writeFile(join(folder, path), content)
    }
  }
  await write(files)
  return { folder, write, remove: () => rm(folder, { recursive: true, force: true }) }
}

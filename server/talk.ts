/**
 * `npm run talk`: one question a line in, one decision a line out; with --json the very shape of POST /api/ask.
 * Reads the database that the hotline uses and stores nothing.
 */
import { createInterface } from 'node:readline'
import { dirname, join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { parseArgs } from 'node:util'
import type { Answer } from '../contract/answer.ts'
import { insuranceSchema } from '../contract/text.ts'
import { businessDay } from '../desk/working-days.ts'
import { cities } from '../knowledge/cities.ts'
import { liveIndex } from '../knowledge/live-index.ts'
import { loadPacks } from '../knowledge/pack-loader.ts'
import { openDatabase } from './db/database.ts'
import { migrate } from './db/migrate.ts'

const root = join(dirname(fileURLToPath(import.meta.url)), '..')
const { values } = parseArgs({
  options: {
    json: { type: 'boolean' },
    region: { type: 'string' },
    insurance: { type: 'string' },
    on: { type: 'string' },
  },
})
const quiet = {
  info: () => {},
  error: (about: object, message: string) => process.stderr.write(`${message} ${JSON.stringify(about)}\n`),
}

const { db, pool, close } = openDatabase(process.env.DATABASE_URL ?? '', 2)
await migrate(pool, join(root, 'server', 'db', 'migrations'))
const { packs } = await loadPacks({ db, folder: join(root, 'knowledge', 'packs'), now: new Date() })
const known = cities(packs)
const knowledge = liveIndex({ db, log: quiet, cities: known })
await knowledge.refresh()

for await (const line of createInterface({ input: process.stdin })) {
  const question = line.trim()
  if (!question) continue
  const answer = knowledge.current().answer({
    question,
    region: values.region && known.cityCodeOf(values.region),
    insurance: insuranceSchema.optional().parse(values.insurance),
    on: values.on ?? businessDay(new Date()),
  })
  process.stdout.write(`${values.json ? JSON.stringify(answer) : told(answer)}\n`)
}
await close()

function told({ outcome, entry, answer, choices, score }: Answer): string {
  if (outcome === 'answer') return `【${entry?.question}】（${score}）\n${answer?.text}`
  if (outcome === 'ask-back')
    return `您问的是哪一个？\n${choices?.map((choice, i) => `${i + 1}. ${choice.question}`).join('\n')}`
  return '没有经过审核的答复'
}

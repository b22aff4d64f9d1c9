/** What the bot answers from, put together: the packs, the cities that they speak of, and the index over all of it. */
import { join } from 'node:path'
import { cities } from '../knowledge/cities.ts'
import { liveIndex } from '../knowledge/live-index.ts'
import { loadPacks } from '../knowledge/pack-loader.ts'
import type { Config } from './config.ts'
import type { Db } from './db/database.ts'
import type { Log } from './log.ts'
import { meaningsOf } from './meaning.ts'

/** `root` holds knowledge/packs. */
type Parts = { db: Db; config: Config; root: string; log: Log; now: () => Date }

export async function knowing({ db, config, root, log, now }: Parts) {
  const packs = await loadPacks({ db, folder: join(root, 'knowledge', 'packs'), now: now() })
  for (const fault of packs.faults) log.error({ fault }, 'a faulty pack file was left out')
  log.info(packs.counts, 'packs loaded')
  const knownCities = cities(packs.packs)
  const meaning = meaningsOf(config, db, log)
  const holdExamples = config.PACKS_UNREVIEWED === 'hold'
  const knowledge = liveIndex({ db, log, holdExamples, cities: knownCities, meanings: meaning })
  await knowledge.start()
  return { knowledge, knownCities, meaning }
}

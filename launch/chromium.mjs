// @ts-check
/** Where a Chromium is that tests may drive: BUDAYANG_CHROMIUM, or the first of the usual names on the path. */
import { existsSync } from 'node:fs'
import { delimiter, join } from 'node:path'

const names = ['chromium', 'chromium-browser', 'google-chrome-stable', 'google-chrome']

/** @returns {string | undefined} an absolute path */
export function findChromium() {
  const told = process.env.BUDAYANG_CHROMIUM
  if (told) return existsSync(told) ? told : undefined
  const folders = [...(process.env.PATH ?? '').split(delimiter), '/usr/bin'].filter((folder) => folder !== '')
  return names.flatMap((name) => folders.map((folder) => join(folder, name))).find((path) => existsSync(path))
}

// @ts-check
/**
 * Whether a built part is still what its inputs say. A stamp holds the hash of what every input file holds and is
 * called; times do not count, because a fresh clone gives every file a new one.
 */
import { createHash } from 'node:crypto'
import { existsSync, lstatSync, mkdirSync, readFileSync, readdirSync, rmSync, writeFileSync } from 'node:fs'
import { dirname, join, relative, sep } from 'node:path'

/**
 * @typedef {object} Part
 * @property {string} name also the stamp's file name
 * @property {string[]} inputs files and folders below the root; a missing one counts as empty
 * @property {RegExp} [only] which files of a folder count, by their path below the root
 * @property {string[]} outputs files below the root that must exist for the stamp to hold
 */

const skipped = new Set(['node_modules', 'dist', '.git'])

/**
 * @param {string} root
 * @param {Part} part
 * @returns {string} hex
 */
export function inputHash(root, { inputs, only }) {
  const hash = createHash('sha256')
  for (const input of inputs) {
    for (const file of filesBelow(join(root, input))) {
      const name = relative(root, file).split(sep).join('/')
      if (only && name !== input && !only.test(name)) continue
      const content = readFileSync(file)
      hash.update(`${name}\0${content.length}\0`).update(content)
    }
  }
  return hash.digest('hex')
}

/**
 * @param {string} root
 * @param {Part} part
 */
export function isBuilt(root, part) {
  const stamp = stampPath(root, part)
  if (!existsSync(stamp) || readFileSync(stamp, 'utf8') !== inputHash(root, part)) return false
  return part.outputs.every((file) => existsSync(join(root, file)))
}

/**
 * Runs `make` unless the part is built, and stamps it only when `make` came to its end.
 * @param {string} root
 * @param {Part} part
 * @param {() => Promise<void>} make
 * @returns {Promise<boolean>} whether it had to be made
 */
export async function buildOnce(root, part, make) {
  if (isBuilt(root, part)) return false
  const stamp = stampPath(root, part)
  rmSync(stamp, { force: true })
  // Taken before: an input that is edited meanwhile makes the part stale, not wrongly fresh.
  const hash = inputHash(root, part)
  await make()
  mkdirSync(dirname(stamp), { recursive: true })
  writeFileSync(stamp, hash)
  return true
}

/**
 * @param {string} root
 * @param {Part} part
 */
const stampPath = (root, { name }) => join(root, 'dist', '.stamps', name)

/**
 * @param {string} path
 * @returns {string[]} sorted, so that the same tree always hashes the same
 */
function filesBelow(path) {
  const stat = lstatSync(path, { throwIfNoEntry: false })
  if (!stat) return []
  if (stat.isFile()) return [path]
  if (!stat.isDirectory()) return []
  return readdirSync(path)
    .filter((name) => !skipped.has(name))
    .sort()
    .flatMap((name) => filesBelow(join(path, name)))
}

// @ts-check
/** The environment of every program we start: what the shell says wins, what it leaves out comes from .env. */
import { existsSync } from 'node:fs'
import { join } from 'node:path'

/** @param {string} root */
export function readDotEnv(root) {
  const file = join(root, '.env')
  if (existsSync(file)) process.loadEnvFile(file)
}

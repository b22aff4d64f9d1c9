// @ts-check
/**
 * `npm start`. Nothing is installed yet when this runs, and an old Node has to get as far as the line that says so:
 * only Node's own modules, only old syntax, everything else behind the version check.
 */
import { fileURLToPath } from 'node:url'
import { nodeVersionProblem } from './launch/node-version.mjs'

const problem = nodeVersionProblem(process.versions.node)
if (problem) {
  console.error(problem)
  process.exit(1)
}

const root = fileURLToPath(new URL('.', import.meta.url))
import('./launch/start.mjs').then(({ start }) => start(root)).then((code) => process.exit(code))

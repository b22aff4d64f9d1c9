// @ts-check
/** `npm test [-- FOLDER]`. Nothing is installed yet when this runs: only Node's own modules, and old syntax. */
import { fileURLToPath } from 'node:url'
import { nodeVersionProblem } from './launch/node-version.mjs'

const problem = nodeVersionProblem(process.versions.node)
if (problem) {
  console.error(problem)
  console.log('0 passed, 1 failed')
  process.exit(1)
}

const root = fileURLToPath(new URL('.', import.meta.url))
import('./launch/test.mjs').then(({ test }) => test(root, process.argv.slice(2))).then((code) => process.exit(code))

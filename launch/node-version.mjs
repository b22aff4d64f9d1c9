// @ts-check
/**
 * Which Node.js this project runs on. Read by old ones too, so this file keeps to syntax that Node 14 knows.
 */

/** The first version of each long-lived line that runs us; every line from 24 on does. */
const oldest = [
  { line: 20, from: 19 },
  { line: 22, from: 12 },
]

/**
 * @param {string} version as process.versions.node says it, for example "20.19.0"
 * @returns {string} one line for the person at the terminal; empty when the version is fine
 */
export function nodeVersionProblem(version) {
  const [major = 0, minor = 0] = version.split('.').map(Number)
  const fits = major >= 24 || oldest.some(({ line, from }) => major === line && minor >= from)
  return fits ? '' : `需要 Node.js 20.19+、22.12+ 或 24 以上版本，当前是 ${version} [node-version]`
}

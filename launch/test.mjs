// @ts-check
/**
 * `npm test`, once Node's version is known to be fine: what the tests need, then the tests. The last line is always
 * "N passed, N failed"; a check that could not run is named before it, and is a failure where we were allowed to
 * install what it lacked.
 */
import { spawn } from 'node:child_process'
import { mkdtempSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { installPackages, mayInstallHere, notInstalled } from './apt.mjs'
import { build } from './build.mjs'
import { findChromium } from './chromium.mjs'
import { install } from './install.mjs'
import { LaunchProblem } from './launch-problem.mjs'
import { countLine, countTests } from './test-count.mjs'

const packages = ['chromium', 'fonts-noto-cjk']
/** Real peers and voices for the telephone's tests; a test that lacks one says so and is skipped. */
const phonePackages = [
  'sip-tester',
  'baresip-core',
  'espeak-ng',
  'sox',
  'pocketsphinx-en-us',
  'libpocketsphinx3',
  'libsphinxbase3',
]

/**
 * @param {string} root the clone
 * @param {string[]} args handed to vitest: folders, files, its options
 * @returns {Promise<number>} the exit code
 */
export async function test(root, args) {
  const say = (/** @type {string} */ line) => console.log(line)
  try {
    await install({ root, say })
    await installPackages([...packages, ...phonePackages], say)
    await build({ root, say })
  } catch (error) {
    console.error(error instanceof LaunchProblem ? error.message : error)
    say(countLine({ passed: 0, failed: 1, skipped: 0 }))
    return 1
  }

  const env = { ...process.env }
  const notRun = []
  const chromium = findChromium()
  if (chromium) env.BUDAYANG_CHROMIUM = chromium
  else {
    const reason = mayInstallHere() ? 'chromium could not be installed' : 'chromium is not installed'
    env.BUDAYANG_NO_CHROMIUM = reason
    notRun.push(`not run: browser tests, ${reason}`)
  }

  for (const name of notInstalled(phonePackages)) {
    notRun.push(
      `not run: telephone tests that need ${name}, ${mayInstallHere() ? 'it could not be installed' : 'it is not installed'}`,
    )
  }

  const folder = mkdtempSync(join(tmpdir(), 'budayang-report-'))
  const reportFile = join(folder, 'report.json')
  const code = await runVitest(
    root,
    [...args, '--reporter=default', '--reporter=json', `--outputFile.json=${reportFile}`],
    env,
  )
  const report = readReport(reportFile)
  rmSync(folder, { recursive: true, force: true })

  for (const line of notRun) say(line)
  const count = countTests(report, code, mayInstallHere() ? notRun.length : 0)
  say(countLine(count))
  return count.failed === 0 ? 0 : 1
}

/**
 * @param {string} root
 * @param {string[]} args
 * @param {Record<string, string | undefined>} env
 * @returns {Promise<number>}
 */
function runVitest(root, args, env) {
  const vitest = join(root, 'node_modules', 'vitest', 'vitest.mjs')
  const child = spawn(process.execPath, [vitest, 'run', ...args], {
    cwd: root,
    env,
    stdio: ['ignore', 'inherit', 'inherit'],
  })
  // Ctrl-C reaches vitest as well; it ends, its database with it, and the count is still printed.
  for (const signal of /** @type {const} */ (['SIGINT', 'SIGTERM', 'SIGHUP'])) {
    process.on(signal, () => child.kill(signal === 'SIGHUP' ? 'SIGTERM' : signal))
  }
  return new Promise((resolve) => {
    child.once('error', () => resolve(127))
    child.once('exit', (code) => resolve(code ?? 1))
  })
}

/** @param {string} file */
function readReport(file) {
  try {
    return JSON.parse(readFileSync(file, 'utf8'))
  } catch {
    return undefined
  }
}

// @ts-check
/**
 * What a test run came to, in three numbers. Anything that went wrong without a test to carry it (a file that does
 * not load, an error outside every test, a runner that died) counts as one failed, so a red run is never counted green.
 */

/** @typedef {{ passed: number, failed: number, skipped: number }} Count */
/** @typedef {{ status: string }} Assertion */
/** @typedef {{ testResults: { status: string, assertionResults: Assertion[] }[] }} Report  as vitest's json reporter writes it */

/**
 * @param {Report | undefined} report undefined when the runner left none
 * @param {number} exitCode the runner's
 * @param {number} failedChecks checks that should have run, and could not
 * @returns {Count}
 */
export function countTests(report, exitCode, failedChecks) {
  const count = { passed: 0, failed: failedChecks, skipped: 0 }
  for (const { status, assertionResults } of report?.testResults ?? []) {
    for (const assertion of assertionResults) {
      if (assertion.status === 'passed') count.passed += 1
      else if (assertion.status === 'failed') count.failed += 1
      else count.skipped += 1
    }
    if (status === 'failed' && !assertionResults.some((assertion) => assertion.status === 'failed')) count.failed += 1
  }
  if (exitCode !== 0 && count.failed === failedChecks) count.failed += 1
  return count
}

/**
 * @param {Count} count
 * @returns {string} "N passed, N failed", and the skipped where there are any
 */
export function countLine({ passed, failed, skipped }) {
  return `${passed} passed, ${failed} failed${skipped > 0 ? `, ${skipped} skipped` : ''}`
}

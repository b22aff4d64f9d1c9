// @ts-check
/**
 * A failure of starting that we foresaw: one Chinese line for the person at the terminal, ending in a stable
 * English code in brackets that a script or a search can hold on to. The launcher prints it and exits 1, no stack.
 */

export class LaunchProblem extends Error {
  /**
   * @param {string} code kebab-case and stable, as docs/operations.md lists it
   * @param {string} line what is wrong and what to do, in Chinese, one line
   */
  constructor(code, line) {
    super(`${line} [${code}]`)
    this.name = 'LaunchProblem'
    this.code = code
  }
}

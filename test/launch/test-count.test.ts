import { expect, it } from 'vitest'
import { countLine, countTests } from '../../launch/test-count.mjs'

const file = (status: string, ...assertions: string[]) => ({
  status,
  assertionResults: assertions.map((each) => ({ status: each })),
})

it('counts what passed, failed and was skipped', () => {
  const report = { testResults: [file('failed', 'passed', 'failed'), file('passed', 'passed', 'pending', 'todo')] }
  expect(countLine(countTests(report, 1, 0))).toBe('2 passed, 1 failed, 2 skipped')
})

it('says nothing of skipped tests where there are none', () => {
  expect(countLine(countTests({ testResults: [file('passed', 'passed')] }, 0, 0))).toBe('1 passed, 0 failed')
})

it.each([
  ['a file that does not load', { testResults: [file('passed', 'passed'), file('failed')] }, 1, '1 passed, 1 failed'],
  ['a hook that failed after its tests', { testResults: [file('failed', 'passed')] }, 1, '1 passed, 1 failed'],
  ['an error outside every test', { testResults: [file('passed', 'passed')] }, 1, '1 passed, 1 failed'],
  ['a runner that left no report', undefined, 134, '0 passed, 1 failed'],
])('counts %s as a failure', (_, report, code, line) => {
  expect(countLine(countTests(report, code, 0))).toBe(line)
})

it('counts a check that should have run and could not as a failure', () => {
  expect(countLine(countTests({ testResults: [file('passed', 'passed')] }, 0, 1))).toBe('1 passed, 1 failed')
  expect(countLine(countTests({ testResults: [file('passed', 'passed')] }, 1, 1))).toBe('1 passed, 2 failed')
})

import { expect, it } from 'vitest'
import { nodeVersionProblem } from '../../launch/node-version.mjs'

it.each(['20.19.0', '20.20.2', '22.12.0', '24.0.0', '25.1.0'])('takes Node %s', (version) => {
  expect(nodeVersionProblem(version)).toBe('')
})

it.each(['14.21.3', '18.20.4', '20.18.3', '21.7.3', '22.11.0', '23.5.0'])(
  'refuses Node %s in one line that ends in a stable code',
  (version) => {
    const line = nodeVersionProblem(version)
    expect(line).toContain(version)
    expect(line).toMatch(/^[^\n]+ \[node-version\]$/)
  },
)

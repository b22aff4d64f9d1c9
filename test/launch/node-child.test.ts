import { spawn } from 'node:child_process'
import { existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { afterEach, beforeEach, expect, it } from 'vitest'
import { startNode } from '../../launch/node-child.mjs'
import { urgentPriority } from '../../launch/priority.mjs'
import { isAlive } from '../../launch/process-identity.mjs'

let root: string
beforeEach(() => {
  root = mkdtempSync(join(tmpdir(), 'budayang-child-'))
})
afterEach(() => rmSync(root, { recursive: true, force: true }))

function program(text: string) {
  writeFileSync(join(root, 'program.mjs'), text)
  return { program: 'program.mjs', root, env: process.env }
}

it('gives the exit code of a child, and a shell code for one that was killed', async () => {
  expect(await startNode(program('process.exit(78)')).ended).toBe(78)
  expect(await startNode(program(`process.kill(process.pid, 'SIGKILL')`)).ended).toBe(137)
})

it('lets a child finish what it has begun when it is stopped', async () => {
  const child = startNode(
    program(`
      import { writeFileSync } from 'node:fs'
      process.on('SIGTERM', () => setTimeout(() => { writeFileSync('drained', ''); process.exit(0) }, 100))
      writeFileSync('up', '')
      setInterval(() => {}, 1000)`),
  )
  await expect.poll(() => isThere('up'), { timeout: 5_000 }).toBe(true)
  await child.stop()
  expect(await child.ended).toBe(0)
  expect(isThere('drained')).toBe(true)
})

it('puts a child before its neighbours where that is allowed, and what the child starts stays where others are', async () => {
  const { how, command } = urgentPriority()
  const given = program(`
    import { execSync } from 'node:child_process'
    import { readFileSync, writeFileSync } from 'node:fs'
    const standing = (stat) => { const fields = stat.split(') ')[1].split(' '); return [fields[38], fields[16]] }
    const ours = standing(readFileSync('/proc/self/stat', 'utf8'))
    const [policy] = standing(execSync('cat /proc/self/stat').toString())
    writeFileSync('standing', [...ours, policy].join(' '))
    process.exit(0)`)
  expect(await startNode({ ...given, before: command }).ended).toBe(0)
  // Policy and niceness as proc(5) counts them: 0 is everybody's policy, 1 is first come first served in real time.
  const expected = { chrt: /^1 0 0$/, nice: /^0 -10 0$/, none: /^0 \d+ 0$/ }
  expect(read('standing')).toMatch(expected[how])
})

it.each([
  ['is still starting', 'setInterval(() => {}, 1000)'],
  ['drains when it is told', `process.on('disconnect', () => process.exit(0)); setInterval(() => {}, 1000)`],
])('ends a child that %s when its launcher is killed', async (_, text) => {
  const child = program(`import { writeFileSync } from 'node:fs'; writeFileSync('up', String(process.pid)); ${text}`)
  const module = fileURLToPath(new URL('../../launch/node-child.mjs', import.meta.url))
  const script = `import { startNode } from ${JSON.stringify(module)}
    startNode({ ...${JSON.stringify({ program: child.program, root })}, env: process.env }); setInterval(() => {}, 1000)`
  const launcher = spawn(process.execPath, ['--input-type=module', '-e', script], { stdio: 'ignore' })
  await expect.poll(() => isThere('up') && read('up'), { timeout: 5_000 }).toMatch(/^\d+$/)
  const pid = Number(read('up'))
  expect(isAlive(pid)).toBe(true)
  launcher.kill('SIGKILL')
  await expect.poll(() => isAlive(pid), { timeout: 5_000 }).toBe(false)
})

const isThere = (name: string) => existsSync(join(root, name))
const read = (name: string) => readFileSync(join(root, name), 'utf8')

// @ts-check
/**
 * What is built before anything runs: the server and its threads (Node 20 cannot run TypeScript), the intent model,
 * the two browser parts. Each part only when its inputs changed. `npm run build` does it alone; start, test and talk
 * run this file as a process of its own, so that the compilers' memory goes when they are done.
 */
import { spawn } from 'node:child_process'
import { existsSync, renameSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { argv, execPath } from 'node:process'
import { fileURLToPath, pathToFileURL } from 'node:url'
import { buildOnce, isBuilt } from './build-stamp.mjs'
import { LaunchProblem } from './launch-problem.mjs'

/** @typedef {import('./build-stamp.mjs').Part & { make: (root: string) => Promise<void> }} MadePart */

const ourselves = ['package-lock.json', 'tsconfig.base.json', 'tsconfig.json', 'launch/build.mjs']
const ours = ['contract', 'knowledge', 'desk', 'bot', 'telephony', 'wechat', 'server']

/**
 * @param {string} name
 * @param {string} entry
 * @param {string} outfile
 * @returns {MadePart}
 */
function bundled(name, entry, outfile) {
  return {
    name,
    inputs: [...ours, ...ourselves],
    only: /\.(ts|json)$/,
    outputs: [outfile],
    make: (root) => bundle(root, entry, outfile),
  }
}

/**
 * @param {string} name
 * @param {string} folder
 * @returns {MadePart}
 */
function browserPart(name, folder) {
  return {
    name,
    inputs: [folder, 'contract', ...ourselves],
    outputs: [`dist/${name}`],
    make: (root) => buildBrowserPart(root, join(root, folder, 'vite.config.ts')),
  }
}

/** In this order: the model is trained by a program that is built before it. @type {MadePart[]} */
export const parts = [
  bundled('server', 'server/main.ts', 'dist/server.js'),
  bundled('intent-worker', 'bot/intent/worker.ts', 'dist/intent-worker.js'),
  bundled('sheet-worker', 'knowledge/sheet/worker.ts', 'dist/sheet-worker.js'),
  bundled('picture-child', 'server/media/picture-child.ts', 'dist/picture-child.js'),
  bundled('intent-train', 'bot/intent/train.ts', 'dist/intent-train.js'),
  {
    name: 'intent-model',
    // The bundle holds the corpus and the settings, and nothing else of ours.
    inputs: ['dist/intent-train.js', 'package-lock.json'],
    outputs: ['dist/intent-model.json'],
    make: trainIntents,
  },
  bundled('talk', 'server/talk.ts', 'dist/talk.js'),
  bundled('phone', 'telephony/main.ts', 'dist/phone.js'),
  bundled('pocketsphinx-child', 'telephony/speech/pocketsphinx-child.ts', 'dist/pocketsphinx-child.js'),
  browserPart('widget', 'web-widget'),
  browserPart('console', 'admin'),
]

/** @param {string} root */
export function isAllBuilt(root) {
  return parts.every((part) => isBuilt(root, part))
}

/**
 * @param {string} root
 * @param {(line: string) => void} say
 * @throws {LaunchProblem} build-failed
 */
export async function buildAll(root, say) {
  for (const part of parts) {
    const startedAt = Date.now()
    try {
      const made = await buildOnce(root, part, () => part.make(root))
      if (made) say(`已构建 ${part.name}（${((Date.now() - startedAt) / 1000).toFixed(1)} 秒）`)
    } catch (error) {
      const why = error instanceof Error ? error.message : String(error)
      throw new LaunchProblem('build-failed', `构建 ${part.name} 失败：${why}`)
    }
  }
}

/**
 * buildAll in a process of its own; no process at all when everything is built.
 * @param {{ root: string, say: (line: string) => void, signal?: AbortSignal }} options
 * @throws {LaunchProblem} build-failed; what failed has been printed
 */
export async function build({ root, say, signal }) {
  if (isAllBuilt(root)) return
  say('正在构建服务端、意图模型和网页，首次约半分钟')
  const code = await run(root, ['launch/build.mjs'], signal)
  if (code !== 0) throw new LaunchProblem('build-failed', '构建失败，请看上面的输出')
}

/**
 * Packages stay outside the bundle: they are in node_modules, and some find their own files beside themselves.
 * @param {string} root
 * @param {string} entry
 * @param {string} outfile
 */
async function bundle(root, entry, outfile) {
  const esbuild = await import('esbuild')
  await esbuild.build({
    absWorkingDir: root,
    entryPoints: [entry],
    outfile,
    bundle: true,
    packages: 'external',
    platform: 'node',
    format: 'esm',
    target: 'node20.19',
    sourcemap: true,
    logLevel: 'warning',
  })
}

/** @param {string} root */
async function trainIntents(root) {
  const model = join('dist', 'intent-model.json')
  const draft = `${model}.new`
  const code = await run(root, [join('dist', 'intent-train.js'), draft])
  if (code !== 0 || !existsSync(join(root, draft))) throw new Error(`意图模型训练失败（退出码 ${code}）`)
  renameSync(join(root, draft), join(root, model))
}

/**
 * @param {string} root
 * @param {string} configFile
 */
async function buildBrowserPart(root, configFile) {
  if (!existsSync(configFile)) throw new Error(`缺少 ${configFile}`)
  const vite = await import('vite')
  await vite.build({ root: dirname(configFile), configFile, mode: 'production', logLevel: 'warn' })
}

/**
 * @param {string} root
 * @param {string[]} args
 * @param {AbortSignal} [signal]
 * @returns {Promise<number>}
 */
function run(root, args, signal) {
  // stdout belongs to whoever reads ours. NODE_ENV of a shell or a test would give us development builds.
  const env = { ...process.env, NODE_ENV: 'production' }
  const child = spawn(execPath, args, { cwd: root, env, stdio: ['ignore', 2, 2], signal })
  return new Promise((resolve) => {
    child.once('error', () => resolve(127))
    child.once('exit', (code) => resolve(code ?? 1))
  })
}

if (argv[1] && import.meta.url === pathToFileURL(argv[1]).href) {
  try {
    await buildAll(fileURLToPath(new URL('..', import.meta.url)), (line) => console.error(line))
  } catch (error) {
    console.error(error instanceof LaunchProblem ? error.message : error)
    process.exitCode = 1
  }
}

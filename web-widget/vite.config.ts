/**
 * Builds the panel and the front page (hashed files) and, beside them, the loader and the script of the page of notices:
 * each one script of a fixed name that pages include, so it is a build of its own without imports. `npx vite build -c web-widget/vite.config.ts`.
 */
import { copyFile } from 'node:fs/promises'
import { build, defineConfig, type Plugin } from 'vite'

const here = decodeURIComponent(new URL('.', import.meta.url).pathname)
// Citizens come with phones and office machines of many years.
const target = ['chrome80', 'safari13.1', 'firefox78']

const loader: Plugin = {
  name: 'loader',
  apply: 'build',
  async writeBundle({ dir }) {
    for (const name of ['loader', 'notices'])
      await build({
        configFile: false,
        root: here,
        logLevel: 'warn',
        build: {
          target,
          outDir: dir,
          emptyOutDir: false,
          lib: { entry: `${here}${name}.ts`, formats: ['iife'], name: 'budayang', fileName: () => `${name}.js` },
        },
      })
    // The pages that the server writes name it too, and theirs is no build that could put it into them.
    if (dir) await copyFile(`${here}icon.svg`, `${dir}/icon.svg`)
  },
}

export default defineConfig({
  root: here,
  base: '/widget/',
  plugins: [loader],
  oxc: { jsx: { runtime: 'automatic', importSource: 'preact' } },
  build: {
    target,
    outDir: '../dist/widget',
    emptyOutDir: true,
    modulePreload: { polyfill: false },
    rolldownOptions: { input: [`${here}panel.html`, `${here}site.html`] },
  },
})

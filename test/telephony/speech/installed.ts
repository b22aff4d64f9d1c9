/**
 * What of the speech packages this machine has. Tests that need one are left out where it is absent, and their title
 * says which Debian package would bring them back.
 */
import { existsSync, readdirSync } from 'node:fs'
import { delimiter, join } from 'node:path'
import { englishModelFolder } from '../../../telephony/speech/acoustic-model.ts'

const libraryFolders = ['/usr/lib/x86_64-linux-gnu', '/usr/lib/aarch64-linux-gnu', '/usr/lib']
const hasLibrary = (name: string) =>
  libraryFolders.some((folder) => existsSync(folder) && readdirSync(folder).includes(name))

export const hasEspeak = (process.env.PATH ?? '')
  .split(delimiter)
  .some((folder) => existsSync(join(folder, 'espeak-ng')))
export const hasPocketsphinx =
  hasLibrary('libpocketsphinx.so.3') && hasLibrary('libsphinxbase.so.3') && existsSync(join(englishModelFolder, 'mdef'))

/** Test data beside the project, never part of it. */
export const mandarinModelFolder = join(import.meta.dirname, '../../../../shared/data/asr-zh/tdt_sc_8k')
export const hasMandarinModel = existsSync(join(mandarinModelFolder, 'mdef'))

/** The child as it is written, loaded by tsx. */
export const childFile = join(import.meta.dirname, '../../../telephony/speech/pocketsphinx-child.ts')
export const execArgv = ['--import', 'tsx']

export const quietLog = { info: () => undefined, warn: () => undefined, error: () => undefined }

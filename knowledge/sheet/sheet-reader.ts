/**
 * Reads uploaded tables, each in a thread of its own with little memory and little time, one after the other. A file
 * that is more than a table of text is refused in words; it never takes the server with it.
 */
import { Worker } from 'node:worker_threads'
import { Problem } from '../../contract/problem.ts'
import { caps, type Sheet } from './sheet.ts'
import type { Read } from './worker.ts'

export type SheetReader = ReturnType<typeof sheetReader>

const withinMs = 15_000
const limits = { maxOldGenerationSizeMb: 256, maxYoungGenerationSizeMb: 32, stackSizeMb: 4 }

/** @param workerFile worker.ts, built: Node runs no TypeScript. */
export function sheetReader({ workerFile }: { workerFile: string }) {
  let last: Promise<unknown> = Promise.resolve()

  return {
    /** @param rows with its head, at most. @throws Problem invalid_input (path "file") with what is wrong, too_large. */
    read(file: Buffer, rows: number = caps.rows): Promise<Sheet> {
      if (file.length > caps.fileBytes) return Promise.reject(new Problem('too_large', `${file.length} bytes`))
      if (file.length === 0) return Promise.reject(refused('文件是空的'))
      const mine = last.then(() => inThread(workerFile, file, rows))
      last = mine.catch(() => {})
      return mine
    },
  }
}

function inThread(workerFile: string, file: Buffer, rows: number): Promise<Sheet> {
  return new Promise((resolve, reject) => {
    const worker = new Worker(workerFile, { workerData: { file: new Uint8Array(file), rows }, resourceLimits: limits })
    const timer = setTimeout(() => end(() => reject(refused('表格太复杂，读不完，请拆成几份再传'))), withinMs)
    const end = (settle: () => void) => {
      clearTimeout(timer)
      settle()
      void worker.terminate()
    }
    worker.once('message', (read: Read) =>
      end(() => ('sheet' in read ? resolve(read.sheet) : reject(refused(read.fault)))),
    )
    worker.once('error', (error) =>
      end(() => reject(isOutOfMemory(error) ? refused('表格太大，请拆成几份再传') : error)),
    )
    worker.once('exit', (code) => end(() => reject(new Error(`the sheet thread ended with ${code}`))))
  })
}

const isOutOfMemory = (error: Error) => 'code' in error && error.code === 'ERR_WORKER_OUT_OF_MEMORY'

function refused(told: string): Problem {
  return new Problem('invalid_input', told, { fields: [{ path: 'file', message: told }] })
}

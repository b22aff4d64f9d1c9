/** The thread that reads one uploaded file and ends: whatever the file does to it, nothing else suffers. */
import { parentPort, workerData } from 'node:worker_threads'
import { z } from 'zod'
import { readCsv } from './csv.ts'
import type { Sheet } from './sheet.ts'
import { readXlsx } from './xlsx.ts'
import { SheetFault } from './zip.ts'

export type Read = { sheet: Sheet } | { fault: string }

const given = z.object({ file: z.instanceof(Uint8Array), rows: z.int().positive() })

const { file, rows } = given.parse(workerData)
parentPort?.postMessage(read(Buffer.from(file), rows))

function read(file: Buffer, mostRows: number): Read {
  const isZip = file.subarray(0, 2).toString('latin1') === 'PK'
  try {
    return { sheet: isZip ? readXlsx(file, mostRows) : readCsv(file, mostRows) }
  } catch (error) {
    if (error instanceof SheetFault) return { fault: error.message }
    throw error
  }
}

/** What every bench shares: percentiles, the machine, and the one line of JSON that it ends with. */
import { cpus, loadavg, totalmem } from 'node:os'

/** @param share in [0, 1]; nearest rank. @returns 0 for no values. */
export function percentile(values: readonly number[], share: number): number {
  if (values.length === 0) return 0
  const sorted = [...values].sort((a, b) => a - b)
  return rounded(sorted[Math.min(sorted.length - 1, Math.ceil(share * sorted.length) - 1)] ?? 0)
}

export const rounded = (value: number) => Math.round(value * 10) / 10

export function machine() {
  const [cpu] = cpus()
  return {
    cpu: cpu?.model.trim() ?? '',
    cores: cpus().length,
    memoryGiB: Math.round(totalmem() / 2 ** 30),
    node: process.version,
    loadBefore: rounded(loadavg()[0] ?? 0),
  }
}

export type Report = { bench: string; ok: boolean; floor: object; measured: object; control: object; machine: object }

export function report(told: Report): void {
  process.stdout.write(`${JSON.stringify(told)}\n`)
  process.exitCode = told.ok ? 0 : 1
}

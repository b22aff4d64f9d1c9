/** The notice for 2026 as the State Council gave it, written out here so that the seed has something to agree with. */
import type { Calendar } from '../../desk/working-days.ts'

export const notice2026: Calendar = {
  off: new Set([
    ...days('2026-01', 1, 3),
    ...days('2026-02', 15, 23),
    ...days('2026-04', 4, 6),
    ...days('2026-05', 1, 5),
    ...days('2026-06', 19, 21),
    ...days('2026-09', 25, 27),
    ...days('2026-10', 1, 7),
  ]),
  worked: new Set(['2026-01-04', '2026-02-14', '2026-02-28', '2026-05-09', '2026-09-20', '2026-10-10']),
  years: new Set([2026]),
}

function days(month: string, first: number, last: number): string[] {
  return Array.from({ length: last - first + 1 }, (_, n) => `${month}-${String(first + n).padStart(2, '0')}`)
}

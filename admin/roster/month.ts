/** The weeks of a month, Monday to Sunday, as a calendar shows them. Days are 'YYYY-MM-DD', months 'YYYY-MM'. */
const dayMs = 86_400_000

const daysAfter = (day: string, count: number) =>
  new Date(Date.parse(`${day}T00:00:00Z`) + count * dayMs).toISOString().slice(0, 10)

export function weeksOf(month: string): string[][] {
  const first = `${month}-01`
  const monday = daysAfter(first, -((new Date(`${first}T00:00:00Z`).getUTCDay() + 6) % 7))
  const weeks: string[][] = []
  for (let begins = monday; begins < `${monthAfter(month, 1)}-01`; begins = daysAfter(begins, 7))
    weeks.push([0, 1, 2, 3, 4, 5, 6].map((count) => daysAfter(begins, count)))
  return weeks
}

export const weekBefore = (monday: string) => daysAfter(monday, -7)

export function monthAfter(month: string, count: number): string {
  const [year = 0, number = 1] = month.split('-').map(Number)
  return new Date(Date.UTC(year, number - 1 + count, 1)).toISOString().slice(0, 7)
}

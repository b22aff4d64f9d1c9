import { expect, it, vi } from 'vitest'
import { makeLog } from '../../server/log.ts'
import { rehearsing } from '../../server/rehearsing.ts'

const log = makeLog({ LOG_LEVEL: 'silent', PII_LOGS: false })
const now = () => new Date('2026-11-22T01:00:00Z')

it('rehearses once, some time after the start, until it is stopped', async () => {
  let isWanted = () => false
  let end = () => {}
  const rehearse = vi.fn(
    (wanted: () => boolean) =>
      new Promise<void>((resolve) => {
        isWanted = wanted
        end = resolve
      }),
  )
  const rehearsal = rehearsing({ publishing: { rehearse }, log, now, afterMs: 1 })
  await vi.waitFor(() => expect(rehearse).toHaveBeenCalledTimes(1))
  expect(isWanted()).toBe(true)
  const stopped = rehearsal.stop()
  expect(isWanted()).toBe(false)
  end()
  await stopped
})

it('does not begin any more once it is stopped', async () => {
  const rehearse = vi.fn(async () => {})
  await rehearsing({ publishing: { rehearse }, log, now, afterMs: 1 }).stop()
  await new Promise((resolve) => setTimeout(resolve, 20))
  expect(rehearse).not.toHaveBeenCalled()
})

it('leaves it at a line in the log when it cannot be done', async () => {
  const error = vi.spyOn(log, 'error')
  const rehearse = () => Promise.reject(new Error('the database is away'))
  const rehearsal = rehearsing({ publishing: { rehearse }, log, now, afterMs: 1 })
  await vi.waitFor(() => expect(error).toHaveBeenCalledTimes(1))
  await rehearsal.stop()
})

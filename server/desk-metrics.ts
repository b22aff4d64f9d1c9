/**
 * The desk's standing for Prometheus: what waits, what was given up. Counted when asked for; labels are closed lists.
 * While the database is away these are left out, and the rest of /metrics is told all the same.
 */
import { Gauge, type Registry } from 'prom-client'
import { outboxStates } from '../contract/outbox.ts'
import { handoversStore } from '../desk/handovers.store.ts'
import { outboxCountsStore } from '../desk/outbox-list.store.ts'
import type { Db } from './db/database.ts'
import { jobsStore } from './jobs.store.ts'

type Sample = { labels: Record<string, string>; value: number }

export function deskMetrics(registry: Registry, db: Db, now: () => Date): void {
  function gauge(name: string, help: string, labelNames: readonly string[], count: () => Promise<Sample[]>): void {
    new Gauge({
      ...{ name: `budayang_${name}`, help, labelNames: [...labelNames], registers: [registry] },
      async collect() {
        const samples = await count().catch(() => [])
        this.reset()
        for (const { labels, value } of samples) this.set(labels, value)
      },
    })
  }

  gauge('outbox_messages', 'messages of the outbox by state', ['state'], async () => {
    const counts = await outboxCountsStore(db).counts()
    return outboxStates.map((state) => ({ labels: { state }, value: counts[state] }))
  })
  gauge('jobs', 'jobs by name and state', ['name', 'state'], async () =>
    (await jobsStore(db).queues()).flatMap(({ name, ...counts }) =>
      Object.entries(counts).map(([state, value]) => ({ labels: { name, state }, value })),
    ),
  )
  gauge('queue_waiting', 'citizens who wait for a person', [], async () => [
    { labels: {}, value: (await handoversStore(db).waitingNow()).waiting },
  ])
  gauge('queue_longest_seconds', 'how long the one who waits longest has waited', [], async () => {
    const at = now().getTime()
    const { since } = await handoversStore(db).waitingNow()
    return [{ labels: {}, value: Math.max(0, at - (since?.getTime() ?? at)) / 1_000 }]
  })
}

/** Figures for Prometheus. Counts only: nothing in a label comes from a citizen. */
import { collectDefaultMetrics, Gauge, Registry } from 'prom-client'
import type { Server } from 'socket.io'
import { agentSpace, visitorSpace } from './live/rooms.ts'

export function serverMetrics(io: Server): Registry {
  const registry = new Registry()
  collectDefaultMetrics({ register: registry, prefix: 'budayang_' })
  const connected = (name: string, help: string, count: () => number) =>
    new Gauge({
      name,
      help,
      registers: [registry],
      collect() {
        this.set(count())
      },
    })
  connected('budayang_visitors_connected', 'open visitor sockets', () => visitorSpace(io).sockets.size)
  connected('budayang_agents_connected', 'open agent sockets', () => agentSpace(io).sockets.size)
  return registry
}

/** Tells a call's listeners. The end is told once to each; a listener that throws is logged and breaks nothing. */
import type { CallEnding, CallHandlers } from './call.ts'
import type { Log } from './outlet.ts'

export function callEvents(log: Log, callId: string) {
  let handlers: Partial<CallHandlers> = {}
  const enders: CallHandlers['ended'][] = []
  let ending: CallEnding | undefined

  function guarded<T>(run: () => T): T | undefined {
    try {
      return run()
    } catch (error) {
      log.error({ callId, err: error }, 'A call handler failed')
      return undefined
    }
  }

  return {
    /** Everybody is told of the end; of all else, whoever listened last. */
    listen(more: Partial<CallHandlers>): void {
      handlers = { ...handlers, ...more }
      if (!more.ended) return
      const { ended } = more
      if (ending) queueMicrotask(() => guarded(() => ending && ended(ending)))
      else enders.push(ended)
    },
    finish(how: CallEnding): void {
      if (ending) return
      ending = how
      for (const ended of enders) guarded(() => ended(how))
    },
    ending: () => ending,
    reinvited: (...told: Parameters<CallHandlers['reinvited']>) => guarded(() => handlers.reinvited?.(...told)),
    mediaChanged: (...told: Parameters<CallHandlers['mediaChanged']>) =>
      guarded(() => handlers.mediaChanged?.(...told)),
    info: (...told: Parameters<CallHandlers['info']>) => guarded(() => handlers.info?.(...told)),
    takesReferrals: () => handlers.referred !== undefined,
    referred: (...told: Parameters<CallHandlers['referred']>) => guarded(() => handlers.referred?.(...told)),
  }
}

export type CallEvents = ReturnType<typeof callEvents>

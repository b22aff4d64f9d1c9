/**
 * Keeps the platform's sessions with us, so that our own desk answers: a new one is taken as the robot's (state 1), which
 * is whoever speaks through the API, bot or person. One that a colleague has in the company's app is theirs until it ends.
 */
import { z } from 'zod'
import { WechatRefusal, type WechatApi } from '../api.ts'
import type { Db } from '../tables.ts'
import type { Session } from './inbound.ts'
import { holderOf, mustAsk, serviceStates, type Holder } from './session.ts'
import { kfSessionsStore } from './sessions.store.ts'

type Log = { warn(facts: object, message: string): void }
type Parts = { db: Db; api: Pick<WechatApi, 'call'>; hashOf: (session: Session) => Buffer; log: Log; now: () => Date }
export type KfSessions = ReturnType<typeof kfSessions>

const stateAnswer = z.looseObject({ service_state: z.number().int() })

export function kfSessions({ db, api, hashOf, log, now }: Parts) {
  const store = kfSessionsStore(db)
  const about = ({ openKfid, externalUserId }: Session) => ({ open_kfid: openKfid, external_userid: externalUserId })

  async function look(session: Session): Promise<Holder> {
    const asked = await api.call('/cgi-bin/kf/service_state/get', about(session))
    const { service_state: state } = stateAnswer.parse(asked)
    if (state === serviceStates.untaken) await take(session)
    const holder = holderOf(state)
    await store.set(hashOf(session), holder, now())
    return holder
  }

  /** Untaken, we may speak as well; taken, nobody else is given it. */
  async function take(session: Session): Promise<void> {
    try {
      await api.call('/cgi-bin/kf/service_state/trans', { ...about(session), service_state: serviceStates.robot })
    } catch (error) {
      if (!(error instanceof WechatRefusal)) throw error
      log.warn({ code: error.code }, 'a session of the customer service was not taken')
    }
  }

  return {
    /** The citizen has written. What cannot be learnt now is learnt when something is sent. */
    async heard(session: Session): Promise<void> {
      const known = await store.find(hashOf(session))
      if (!mustAsk(known, now())) return store.set(hashOf(session), 'ours', now())
      try {
        await look(session)
      } catch (error) {
        log.warn({ err: error }, 'the state of a session was not learnt')
      }
    },
    told: (session: Session, holder: Holder): Promise<void> => store.set(hashOf(session), holder, now()),
    /** The platform has refused words because of the session. @returns whether it is ours after all */
    isOurs: async (session: Session): Promise<boolean> => (await look(session)) === 'ours',
  }
}

/**
 * Who has the platform's session with a citizen: we, a colleague in the company's own app, or nobody yet. We may speak
 * only where we have it (the platform's states 0 and 1); from a colleague it does not come back before it ends. Pure.
 * Source: developer.work.weixin.qq.com, 分配客服会话.
 */
export const holders = ['ours', 'theirs', 'nobody'] as const
export type Holder = (typeof holders)[number]

/** The platform's numbers. `robot`: by our calls; `pool` and `person`: in the company's app. */
export const serviceStates = { untaken: 0, robot: 1, pool: 2, person: 3, ended: 4 } as const

/** A session lasts this long after the citizen's last word; then the next word begins another. */
const sessionLastsMs = 48 * 3_600_000

export type KnownSession = { holder: Holder; at: Date }

/** A citizen has written: whether it has to be looked up, and taken, before we answer. */
export function mustAsk(known: KnownSession | undefined, now: Date): boolean {
  return known?.holder !== 'ours' || now.getTime() - known.at.getTime() >= sessionLastsMs
}

export function holderOf(state: number): Holder {
  if (state === serviceStates.untaken || state === serviceStates.robot) return 'ours'
  return state === serviceStates.ended ? 'nobody' : 'theirs'
}

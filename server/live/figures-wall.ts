/**
 * 指标大屏, told to the supervisors who watch: looked at once a round for all of them, and not at all while nobody does.
 * The round's length is how often they are told at most.
 */
import type { Server } from 'socket.io'
import type { FigureReplies, FiguresWall } from '../../contract/figure.ts'
import { wallFigures } from '../../contract/figure.ts'
import { Problem } from '../../contract/problem.ts'
import type { Actor } from '../../contract/staff.ts'
import { figureBurstsStore } from '../../desk/figure-bursts.store.ts'
import { figuresWallStore } from '../../desk/figures-wall.store.ts'
import type { Db } from '../db/database.ts'
import { stretchOf, type Figures } from '../figures.ts'
import { agentSpace, type AgentSocket } from './rooms.ts'

/** Four weeks of questions are counted for it, so it is looked at less often than the rest. */
const burstsEveryMs = 30_000
const figuresRoom = 'figures'

export type FiguresBoard = ReturnType<typeof figuresWall>

export function figuresWall({ io, db, figures, now }: { io: Server; db: Db; figures: Figures; now: () => Date }) {
  let bursts: FiguresWall['bursts'] = []
  let burstsAtMs = -Infinity

  async function look(): Promise<FiguresWall> {
    const at = now()
    if (Math.abs(at.getTime() - burstsAtMs) >= burstsEveryMs) {
      bursts = await figureBurstsStore(db).now(at)
      burstsAtMs = at.getTime()
    }
    const stretch = stretchOf({}, at)
    const counted = []
    for (const id of wallFigures) counted.push(await figures.count(id, stretch, at))
    return {
      at: at.toISOString(),
      ...(await figuresWallStore(db).standing(at)),
      figures: counted,
      targets: figures.limits.targets,
      bursts,
    }
  }

  return {
    async tell(): Promise<void> {
      const space = agentSpace(io)
      if (space.adapter.rooms.get(figuresRoom)?.size) space.local.to(figuresRoom).emit('figures:changed', await look())
    },

    handlers: (socket: AgentSocket, actor: Actor) => ({
      async 'figures:watch'(): Promise<FigureReplies['figures:watch']> {
        if (!actor.roles.includes('supervisor')) throw new Problem('not_allowed', 'the wall is for supervisors')
        await socket.join(figuresRoom)
        return look()
      },
    }),
  }
}

/** WeChat's other two roads for operators: how far the company's customer service and the mini-program are set up. */
import type { RoadState, RoadStates } from '../../contract/wechat.ts'
import { setUpSteps, type SetUpParts } from '../../wechat/set-up.ts'
import type { Doors } from './doors.ts'

export type RoadSetUp = Pick<RoadState, 'road' | 'mode'> & Omit<SetUpParts, 'callbackUrl'>

export function wechatRoadsRoutes(doors: Doors, publicUrl: string | undefined, roads: readonly RoadSetUp[]): void {
  doors.open('GET /api/wechat/roads', async ({ req }): Promise<RoadStates> => {
    const base = publicUrl ?? `${req.protocol}://${req.get('host') ?? ''}`
    const states = roads.map(async ({ road, mode, ...parts }): Promise<RoadState> => {
      const callbackUrl = `${base.replace(/\/$/, '')}/wechat/${road}`
      const steps = await setUpSteps({ ...parts, callbackUrl })
      return { road, isSetUp: parts.isSetUp, callbackUrl, steps, ...(mode && { mode }) }
    })
    return { roads: await Promise.all(states) }
  })
}

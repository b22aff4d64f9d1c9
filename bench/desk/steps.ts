/**
 * What may happen next, each with its weight in the draw. A step takes whoever it needs out of the others' reach until
 * it is over, so that every client does one thing at a time; what it needs and does not find makes it undone and uncounted.
 */
import { catchAllTag } from '../../contract/tag.ts'
import type { Reply } from '../../contract/visitor-events.ts'
import type { Agent } from './agents.ts'
import type { Citizen } from './citizens.ts'
import { chosen, type Town } from './town.ts'

export type Replies = readonly (Reply<unknown> | undefined)[]
/** `touched`: the conversation to look at afterwards. */
type Deed = { actors: { isBusy: boolean }[]; run: () => Promise<{ touched?: string; replies: Replies }> }
type Step = { weight: number; pick: (town: Town) => Deed | undefined }

const words = [
  '新生儿怎么参保',
  '生育津贴怎么领',
  '异地就医怎么备案',
  '门诊能报销吗',
  '断缴了怎么办',
  '请您再说一遍材料',
  '我上个月已经交过了',
  '个人账户能给家人用吗',
]
const answers = ['请稍等，我查一下。', '请带身份证到就近的经办窗口办理。', '已经为您登记，三个工作日内答复。']

const ofCitizens = (town: Town, fits: (one: Citizen) => boolean) =>
  chosen(
    town,
    town.citizens.filter((one) => !one.isBusy && fits(one)),
  )
const ofAgents = (town: Town, fits: (one: Agent) => boolean) =>
  chosen(
    town,
    town.agents.filter((one) => !one.isBusy && fits(one)),
  )
/** The others stay, so that the desk is never left by all. */
const mayLeave = ({ agents }: Town) => agents.filter((one) => one.isOnline()).length > agents.length * 0.6

function byCitizen(citizen: Citizen | undefined, act: (one: Citizen) => Promise<Reply<unknown> | undefined>) {
  if (!citizen) return undefined
  return {
    actors: [citizen],
    run: async () => ({ replies: [await act(citizen)], touched: citizen.conversationId() }),
  }
}

/** Somebody who holds a conversation does something with it. */
function withOneInHand(
  town: Town,
  act: (agent: Agent, id: string) => Promise<Replies>,
  isMeant: (agent: Agent, id: string) => boolean = () => true,
): Deed | undefined {
  const meant = (one: Agent) => one.queue().mine.filter(({ conversationId }) => isMeant(one, conversationId))
  const agent = ofAgents(town, (one) => one.isThere() && meant(one).length > 0)
  const id = agent && chosen(town, meant(agent))?.conversationId
  if (!agent || !id) return undefined
  return { actors: [agent], run: async () => ({ replies: await act(agent, id), touched: id }) }
}

function claim(town: Town, hands: number): Deed | undefined {
  const agents: Agent[] = []
  while (agents.length < hands) {
    const agent = ofAgents(town, (one) => one.isOnline() && one.queue().waiting.length > 0 && !agents.includes(one))
    if (!agent) return undefined
    agents.push(agent)
  }
  const id = agents[0]?.queue().waiting[0]?.conversationId
  if (!id) return undefined
  return {
    actors: agents,
    async run() {
      const replies = await Promise.all(agents.map((agent) => agent.claim(id)))
      if (replies.some((reply) => reply?.ok)) town.notebook.changed()
      else town.notebook.claimFailed(id)
      return { replies, touched: id }
    },
  }
}

function arrives(town: Town, agent: Agent | undefined): Deed | undefined {
  if (!agent) return undefined
  return {
    actors: [agent],
    async run() {
      if (!agent.isThere()) await agent.arrive()
      return { replies: [await agent.setPresence('online')] }
    },
  }
}

/** Every fourth is never answered, and runs out: the giver keeps it until then. */
const isLeftAlone = (transferId: string) => parseInt(transferId.slice(0, 1), 16) < 4
const mayGoOn = (agent: Agent, id: string) => {
  const transferId = agent.askedOf(id)
  return transferId === undefined || !isLeftAlone(transferId)
}

export const steps = {
  'citizen writes': {
    weight: 30,
    pick: (town) =>
      byCitizen(
        ofCitizens(town, () => true),
        (one) => one.say(chosen(town, words) ?? ''),
      ),
  },
  'citizen in a hand writes': {
    weight: 16,
    pick: (town) =>
      byCitizen(
        ofCitizens(town, (one) => one.state() === 'agent'),
        (one) => one.say(chosen(town, words) ?? ''),
      ),
  },
  'citizen comes back': {
    weight: 9,
    pick: (town) =>
      byCitizen(
        ofCitizens(town, (one) => one.state() === 'closed' && !one.canRate()),
        (one) => one.say(chosen(town, words) ?? ''),
      ),
  },
  'citizen asks for a person': {
    weight: 16,
    pick: (town) =>
      town.standing.waiting > town.agents.length
        ? undefined
        : byCitizen(
            ofCitizens(town, (one) => one.state() === 'bot'),
            async (one) => {
              const reply = await one.askPerson()
              if (reply?.ok) town.notebook.changed()
              return reply
            },
          ),
  },
  'citizen leaves the queue': {
    weight: 2,
    pick: (town) =>
      byCitizen(
        ofCitizens(town, (one) => one.state() === 'waiting'),
        (one) => one.leaveQueue(),
      ),
  },
  'citizen rates': {
    weight: 8,
    pick: (town) =>
      byCitizen(
        ofCitizens(town, (one) => one.canRate()),
        (one) => one.rate(chosen(town, [1, 1, 2, 2, 4, 5]) ?? 1),
      ),
  },
  'agent claims the oldest': { weight: 14, pick: (town) => claim(town, 1) },
  'agents claim the same': { weight: 3, pick: (town) => claim(town, 3) },
  'agent writes': {
    weight: 20,
    pick: (town) => withOneInHand(town, async (agent, id) => [await agent.say(id, chosen(town, answers) ?? '')]),
  },
  'agent closes': {
    weight: 9,
    pick: (town) =>
      withOneInHand(
        town,
        async (agent, id) => {
          const reply = await agent.close(id, catchAllTag)
          if (reply?.ok) town.notebook.changed()
          return [reply]
        },
        mayGoOn,
      ),
  },
  'agent asks a colleague': {
    weight: 3,
    pick: (town) =>
      withOneInHand(town, async (agent, id) => {
        const listed = await agent.colleagues(id)
        const colleague = listed?.ok ? chosen(town, listed.value.colleagues) : undefined
        return colleague ? [listed, await agent.transfer(id, { toStaffId: colleague.staffId })] : [listed]
      }),
  },
  'colleague answers': {
    weight: 5,
    pick(town) {
      const open = (one: Agent) => one.queue().asked.filter(({ transferId }) => !isLeftAlone(transferId))
      const agent = ofAgents(town, (one) => one.isThere() && open(one).length > 0)
      const asked = agent && chosen(town, open(agent))
      if (!agent || !asked) return undefined
      const { transferId, conversationId } = asked
      const answer = town.draw(3) === 0 ? agent.decline : agent.accept
      return {
        actors: [agent],
        run: async () => ({ replies: [await answer(transferId)], touched: conversationId }),
      }
    },
  },
  'agent gives to the queue': {
    weight: 2,
    pick: (town) => withOneInHand(town, async (agent, id) => [await agent.transfer(id, { toQueue: true })], mayGoOn),
  },
  'agent goes offline': {
    weight: 1,
    pick(town) {
      const agent = mayLeave(town) ? ofAgents(town, (one) => one.isOnline()) : undefined
      return agent && { actors: [agent], run: async () => ({ replies: [await agent.setPresence('offline')] }) }
    },
  },
  'agent is gone without a word': {
    weight: 1,
    pick(town) {
      const agent = mayLeave(town) ? ofAgents(town, (one) => one.isOnline()) : undefined
      if (!agent) return undefined
      return {
        actors: [agent],
        run() {
          agent.drop()
          return Promise.resolve({ replies: [] })
        },
      }
    },
  },
  'agent comes': {
    weight: 2,
    pick: (town) =>
      arrives(
        town,
        ofAgents(town, (one) => !one.isOnline()),
      ),
  },
} as const satisfies Record<string, Step>
export type StepName = keyof typeof steps

const names = Object.keys(steps) as StepName[]
const weightOfAll = names.reduce((sum, name) => sum + steps[name].weight, 0)

function drawn({ draw }: Town): StepName {
  let left = draw(weightOfAll)
  for (const name of names) {
    left -= steps[name].weight
    if (left < 0) return name
  }
  return 'citizen writes'
}

/** The next step that can be done now; undefined when a few draws found none. */
export function next(town: Town): (Deed & { name: StepName }) | undefined {
  for (let tries = 0; tries < 20; tries++) {
    const name = drawn(town)
    const deed = steps[name].pick(town)
    if (deed) return { name, ...deed }
  }
  return undefined
}

/** Botkit's way out: what it sends is collected on the turn, for the caller to say. */
import { ActivityTypes, BotAdapter, TurnContext, type Activity, type ResourceResponse } from 'botbuilder-core'
import type { Choice } from '../../contract/answer.ts'
import { sayingSchema, type Saying } from '../../contract/turn.ts'
import { noteHeard } from './turn-notes.ts'
import type { Heard } from './script.ts'

const saidKey = Symbol('said')
/** What a dialog puts beside its words (asking.ts); Botkit adds things of its own. */
const askedSchema = sayingSchema.pick({ expects: true })

export class TurnAdapter extends BotAdapter {
  /** Botkit names its adapter in a log line. */
  name = 'turn'

  contextOf(runId: string, heard: Heard): TurnContext {
    const context = new TurnContext(this, {
      type: ActivityTypes.Message,
      id: runId,
      timestamp: heard.now,
      channelId: 'budayang',
      conversation: { id: runId, isGroup: false, conversationType: '', name: '' },
      from: { id: 'citizen', name: '' },
      recipient: { id: 'bot', name: '' },
      text: heard.text,
    })
    context.turnState.set(saidKey, [])
    noteHeard(context, heard)
    return context
  }

  run(context: TurnContext, logic: (context: TurnContext) => Promise<void>): Promise<void> {
    return this.runMiddleware(context, logic)
  }

  static said(context: TurnContext): Saying[] {
    return context.turnState.get<Saying[]>(saidKey) ?? []
  }

  override sendActivities(context: TurnContext, activities: Partial<Activity>[]): Promise<ResourceResponse[]> {
    const said = TurnAdapter.said(context)
    for (const activity of activities) {
      if (activity.type !== ActivityTypes.Message || !activity.text) continue
      const choices = choicesOf(activity)
      const { expects } = askedSchema.parse(activity.channelData ?? {})
      said.push({ text: activity.text, ...(choices && { choices }), ...(expects && { expects }) })
    }
    return Promise.resolve(activities.map((_, i) => ({ id: `said${i}` })))
  }

  override updateActivity(): Promise<void> {
    return Promise.resolve()
  }

  override deleteActivity(): Promise<void> {
    return Promise.resolve()
  }

  override continueConversation(): Promise<void> {
    return Promise.reject(new Error('a dialog never speaks first'))
  }
}

/** Botkit's quick replies become choices; pressing one sends its words, so every channel hears the same answer. */
function choicesOf(activity: Partial<Activity>): Choice[] | undefined {
  return activity.suggestedActions?.actions.map(({ title }) => ({ id: title, question: title }))
}

/** What a dialog's handlers leave on the turn for the engine to hand out: the outcome, and the clock they may read. */
import type { BotWorker } from 'botkit'
import type { TurnContext } from 'botbuilder-core'
import type { Heard, Outcome } from './script.ts'

const outcomeKey = Symbol('outcome')
const askedAgainKey = Symbol('asked again')
const heardKey = Symbol('heard')

export function contextOf(bot: BotWorker): TurnContext {
  return bot.getConfig('context') as TurnContext
}

export function endWith(bot: BotWorker, outcome: Outcome): void {
  contextOf(bot).turnState.set(outcomeKey, outcome)
}

export function outcomeOf(context: TurnContext): Outcome | undefined {
  return context.turnState.get<Outcome>(outcomeKey)
}

export function noteHeard(context: TurnContext, heard: Heard): void {
  context.turnState.set(heardKey, heard)
}

export function heardOn(bot: BotWorker): Heard {
  const heard = contextOf(bot).turnState.get<Heard>(heardKey)
  if (!heard) throw new Error('a turn without what was heard')
  return heard
}

export function askAgain(bot: BotWorker): void {
  contextOf(bot).turnState.set(askedAgainKey, true)
}

export function isAskedAgain(context: TurnContext): boolean {
  return context.turnState.get<boolean>(askedAgainKey) === true
}

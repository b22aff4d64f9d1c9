export * from 'botbuilder-core'
import { BotAdapter } from 'botbuilder-core'

export class BotFrameworkAdapter extends BotAdapter {
  sendActivities(...given: unknown[]): Promise<never>
  updateActivity(...given: unknown[]): Promise<never>
  deleteActivity(...given: unknown[]): Promise<never>
  continueConversation(...given: unknown[]): Promise<never>
}
export type BotFrameworkAdapterSettings = Record<string, unknown>
export type TeamsChannelAccount = Record<string, unknown>
export const TeamsInfo: Record<string, never>
export class TeamsActivityHandler {}

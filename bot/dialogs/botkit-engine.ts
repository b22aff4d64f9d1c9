/**
 * Botkit, kept to what it is good at: running scripted dialogs and their interrupts. It owns no web server, no
 * storage, no channel. A run is one turn: the state goes in, the words and the new state come out, so a killed
 * process continues at the same question.
 *
 * Botkit's own handleTurn hangs for ever when a handler throws (an async callback inside `new Promise`); `run`
 * awaits every step instead, so that a failure reaches the caller.
 */
import { Botkit, type BotkitMessage, type BotWorker } from 'botkit'
import type { Storage, StoreItems, TurnContext } from 'botbuilder-core'
import { DialogTurnStatus, type DialogContext } from 'botbuilder-dialogs'
import { z } from 'zod'
import { sayingSchema, type Saying } from '../../contract/turn.ts'
import { TurnAdapter } from './turn-adapter.ts'
import { callbackDialog } from './callback.ts'
import { complaintDialog } from './complaint.ts'
import { ratingDialog } from './rating.ts'
import { interrupts } from './interrupts.ts'
import { dialogIds, isOpen, isOpenIn } from './open-dialog.ts'
import { isAskedAgain, outcomeOf } from './turn-notes.ts'
import type { Dialogs, DialogState, DialogTurn, Heard } from './script.ts'

const lastSaidSchema = z.object({ lastSaid: z.array(sayingSchema) })

type Step = (bot: BotWorker, message: BotkitMessage, open: DialogContext) => Promise<void>
type Interrupted = (bot: BotWorker, message: BotkitMessage) => Promise<unknown>

export async function botkitDialogs(): Promise<Dialogs> {
  const memory = turnMemory()
  const adapter = new TurnAdapter()
  const controller = new Botkit({ adapter, storage: memory, disable_webserver: true, disable_console: true })
  complaintDialog(controller, dialogIds.complaint)
  callbackDialog(controller, dialogIds.callback)
  ratingDialog(controller, dialogIds.rating)
  interrupts(controller)
  await new Promise<void>((resolve) => controller.ready(() => resolve()))

  // Botkit declares its matcher of interrupts private, and calls it only from the handleTurn that we replace.
  const interrupted = Reflect.get(controller, 'listenForInterrupts') as Interrupted
  let lastRun = 0
  async function run(before: DialogState, heard: Heard, step: Step) {
    const runId = `run${++lastRun}`
    memory.put(runId, before)
    const context = adapter.contextOf(runId, heard)
    try {
      await adapter.run(context, async (turn) => {
        const dialogContext = await controller.dialogSet.createContext(turn)
        const bot = await controller.spawn(dialogContext)
        await step(bot, messageOf(turn, heard), dialogContext)
        await controller.saveState(bot)
      })
      return result(context, before, memory.take(runId))
    } finally {
      memory.take(runId)
    }
  }

  return {
    begin: (name, options, now) =>
      run({}, { text: '', now }, async (bot) => {
        await bot.beginDialog(dialogIds[name], { ...options })
      }),

    hear: (state, heard) =>
      run(state, heard, async (bot, message, open) => {
        if ((await interrupted.call(controller, bot, message)) !== false) return
        const continued = await open.continueDialog()
        if (continued.status === DialogTurnStatus.empty) throw new Error('no dialog is open in this state')
      }),
  }
}

function result(context: TurnContext, before: DialogState, after: DialogState): DialogTurn {
  const ended = outcomeOf(context)
  const isUnfiled = ended?.kind === 'person' && isOpenIn(before, 'complaint')
  const outcome = isUnfiled ? { ...ended, unfiled: true as const } : ended
  const spoken: Saying[] = isAskedAgain(context) ? lastSaidIn(before) : TurnAdapter.said(context)
  const said = isOpenIn(before, 'rating')
    ? spoken.map((saying) => ({ ...saying, aboutRating: 'words' as const }))
    : spoken
  const lastSaid = said.slice(-1)
  return {
    said,
    state: isOpen(after) ? { ...after, lastSaid: lastSaid.length ? lastSaid : lastSaidIn(before) } : undefined,
    ...(outcome && { outcome }),
  }
}

/** The question that is open: what 重说 brings again. */
function lastSaidIn(state: DialogState): Saying[] {
  const kept = lastSaidSchema.safeParse(state)
  return kept.success ? kept.data.lastSaid : []
}

function messageOf(context: TurnContext, heard: Heard): BotkitMessage {
  const { activity } = context
  const message: BotkitMessage = {
    type: 'message',
    text: heard.text,
    intent: heard.intent,
    user: activity.from.id,
    channel: activity.conversation.id,
    value: undefined,
    reference: {
      bot: activity.recipient,
      conversation: activity.conversation,
      channelId: activity.channelId,
      serviceUrl: '',
    },
    context,
    incoming_message: activity,
  }
  context.turnState.set('botkitMessage', message)
  return message
}

/** Botkit's storage for the length of one turn. Its keys carry the run's id, so turns at once do not meet. */
function turnMemory(): Storage & { put(runId: string, state: DialogState): void; take(runId: string): DialogState } {
  const kept = new Map<string, DialogState>()
  const runOf = (key: string) => /run\d+/.exec(key)?.[0] ?? key
  return {
    put: (runId, state) => void kept.set(runId, structuredClone(state)),
    take(runId) {
      const state = kept.get(runId) ?? {}
      kept.delete(runId)
      return state
    },
    read(keys) {
      return Promise.resolve(Object.fromEntries(keys.map((key) => [key, kept.get(runOf(key)) ?? {}])))
    },
    write(changes: StoreItems) {
      for (const [key, state] of Object.entries(changes))
        kept.set(runOf(key), JSON.parse(JSON.stringify(state)) as DialogState)
      return Promise.resolve()
    },
    delete(keys) {
      for (const key of keys) kept.delete(runOf(key))
      return Promise.resolve()
    },
  }
}

/**
 * What works at every question of every dialog: 人工 (a person), 取消 (drop it), 重说 (the question again).
 * Patterns are functions: Botkit compiles strings into regular expressions that match anywhere in a text.
 */
import type { Botkit, BotkitMessage } from 'botkit'
import { askAgain, endWith } from './turn-notes.ts'
import { wording } from './wording.ts'

const wants = (intent: string) => (message: BotkitMessage) => Promise.resolve(message.intent === intent)
const cancels = (message: BotkitMessage) =>
  Promise.resolve(/^(取消|算了|不(弄|办|填|说|投诉|预约|评)了|退出)[。.！!]?$/.test(message.text?.trim() ?? ''))

export function interrupts(controller: Botkit): void {
  for (const intent of ['ask_person', 'urgent'])
    controller.interrupts(wants(intent), 'message', async (bot) => {
      await bot.cancelAllDialogs()
      endWith(bot, { kind: 'person' })
    })

  controller.interrupts(cancels, 'message', async (bot) => {
    await bot.cancelAllDialogs()
    await bot.say(wording.cancelled)
    endWith(bot, { kind: 'cancelled' })
  })

  controller.interrupts(wants('repeat'), 'message', (bot) => Promise.resolve(askAgain(bot)))
}

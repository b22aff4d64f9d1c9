/** Booking a callback: a number, and when. */
import { BotkitConversation, type Botkit } from 'botkit'
import { phoneIn } from './answers.ts'
import { awaits, buttons, otherwise } from './asking.ts'
import { endWith, heardOn } from './turn-notes.ts'
import { wantedTime } from './wanted-time.ts'
import { wording } from './wording.ts'

const words = wording.callback

export function callbackDialog(controller: Botkit, id: string): void {
  const dialog = new BotkitConversation(id, controller)
  dialog.ask(
    { text: [words.askPhone], quick_replies: buttons([words.cancel]), ...awaits('number') },
    otherwise(async (answer, convo, bot) => {
      const phone = phoneIn(answer)
      if (phone) return convo.setVar('phone', phone)
      await bot.say(words.badPhone)
      await convo.repeat()
    }),
    'said',
  )
  dialog.ask(
    { text: [words.askTime], quick_replies: buttons(words.times) },
    otherwise(async (answer, convo, bot) => {
      const wanted = wantedTime(answer, heardOn(bot).now)
      const { phone } = convo.vars as { phone: string }
      if (wanted) return endWith(bot, { kind: 'callback', phone, ...(wanted.kind === 'at' && { at: wanted.at }) })
      await bot.say(words.badTime)
      await convo.repeat()
    }),
    'when',
  )
  controller.addDialog(dialog)
}

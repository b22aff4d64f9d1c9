/** Taking a complaint (投诉): what happened, a number if the citizen likes, a last yes. */
import { BotkitConversation, type Botkit } from 'botkit'
import { declinesContact, phoneIn, saysNo, saysYes } from './answers.ts'
import { awaits, buttons, otherwise } from './asking.ts'
import { endWith } from './turn-notes.ts'
import { wording } from './wording.ts'

const words = wording.complaint
const longest = 2_000
const shortest = 4

export function complaintDialog(controller: Botkit, id: string): void {
  const dialog = new BotkitConversation(id, controller)
  dialog.say(wording.cancelHint)
  dialog.ask(
    words.askText,
    otherwise(async (answer, convo, bot) => {
      const length = answer.trim().length
      if (length >= shortest && length <= longest) return
      await bot.say(length < shortest ? words.textTooShort : words.textTooLong)
      await convo.repeat()
    }),
    'text',
  )
  dialog.ask(
    { text: [words.askContact], quick_replies: buttons([words.noContact]), ...awaits('number') },
    otherwise(async (answer, convo, bot) => {
      const phone = phoneIn(answer)
      if (phone || declinesContact(answer)) return convo.setVar('contact', phone ?? '')
      await bot.say(words.badContact)
      await convo.repeat()
    }),
    'said',
  )
  dialog.ask(
    { text: [words.confirm], quick_replies: buttons([words.yes, words.no]), ...awaits('yes-no') },
    otherwise(async (answer, convo, bot) => {
      const { text, contact } = convo.vars as { text: string; contact?: string }
      if (saysYes(answer)) return endWith(bot, { kind: 'complaint', text: text.trim(), ...(contact && { contact }) })
      if (saysNo(answer)) return endWith(bot, { kind: 'cancelled' })
      await bot.say(words.unclear)
      await convo.repeat()
    }),
    'confirmed',
  )
  controller.addDialog(dialog)
}

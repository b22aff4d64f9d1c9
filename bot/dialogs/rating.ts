/**
 * Rating in words, for channels without a card and for people who type instead of pressing. It is voluntary:
 * anything that is no level leaves the dialog and is taken as an ordinary turn.
 */
import { BotkitConversation, type Botkit } from 'botkit'
import { isBad, levelNames, reasonsByLevel, type Level, type ReasonLists } from '../../contract/rating.ts'
import { levelIn } from './answers.ts'
import { buttons, otherwise } from './asking.ts'
import { endWith } from './turn-notes.ts'
import { wording } from './wording.ts'

const words = wording.rating
const levelTitles = ([5, 4, 3, 2, 1] as const).map((level) => levelNames[level])

type Asked = { ratingId: string; level: Level; reasons?: ReasonLists }
/** A dialog that was open when the lists came knows none of its own. */
const reasonsOf = ({ level, reasons = reasonsByLevel }: Asked) => reasons[level]

export function ratingDialog(controller: Botkit, id: string): void {
  const dialog = new BotkitConversation(id, controller)
  dialog.ask(
    { text: [words.ask], quick_replies: buttons(levelTitles) },
    otherwise(async (answer, convo, bot) => {
      const level = levelIn(answer)
      const { ratingId } = convo.vars as { ratingId: string }
      if (level === undefined) {
        endWith(bot, { kind: 'left' })
        return convo.stop()
      }
      convo.setVar('level', level)
      if (isBad(level)) return
      endWith(bot, { kind: 'rating', ratingId, level, reasons: [] })
      await convo.stop()
    }),
    'said',
  )
  dialog.ask(
    {
      text: [words.askReasons],
      quick_replies: (_line, vars: Asked) => buttons([...reasonsOf(vars), words.skip]),
    },
    otherwise((answer, convo, bot) => {
      const asked = convo.vars as Asked
      const { ratingId, level } = asked
      const reasons = reasonsOf(asked).filter((reason) => answer.includes(reason))
      endWith(bot, { kind: 'rating', ratingId, level, reasons })
      return Promise.resolve()
    }),
    'why',
  )
  controller.addDialog(dialog)
}

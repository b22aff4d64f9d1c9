/** What the phone says of its own beside the prompts: words about the queue, and about what cannot be done. */
import { waitRangeWords, type WaitRange } from '../../contract/wait.ts'

export const callWording = {
  place: (place: number, range: WaitRange | undefined) =>
    `${[`您排在第${place}位`, waitRangeWords(range).replaceAll(' ', '')].filter(Boolean).join('，')}。`,
  /** The caller's call before is still in an agent's hands. */
  backToAgent: (number: string | undefined) =>
    `正在为您转回刚才的同一位工作人员${number ? `，工号${number}` : ''}。请稍等，不要挂机。`,
  /** We rang: whoever answers learns who it is. */
  weRang: (number: string | undefined) =>
    `您好，这里是您预约回电的服务热线，工作人员${number ? `工号${number}` : ''}马上和您通话，请稍等。`,
  stillQueued: '您仍在排队，不用重复说，请稍等。',
  /** The server cannot be asked: no colleague can be promised either. */
  lost: '抱歉，系统出了点问题。请您稍后再打来。',
  noNumber: '您的来电没有显示号码，留言后无法回电。',
} as const

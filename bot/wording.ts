/** What the bot says of its own accord. Policy never stands here: that comes from approved entries, word for word. */
import { waitRangeWords, type WaitRange } from '../contract/wait.ts'

/** Who speaks, and where a citizen finds us again. */
export type WaysToUs = { bureau: string; number?: string; url?: string }
const waysToUs = ({ number, url }: WaysToUs) =>
  `${number ? `拨打 ${number}` : '再次来电'}${url ? `，或打开 ${url} 咨询` : ''}`

/** Nobody who is rung more than once is rung in one morning or afternoon alone (desk/callback-tries.ts). */
const apart = (tries: number) => (tries > 1 ? '在不同时段' : '')

export const wording = {
  greeting: '您好，我是智能客服，医保政策的事您尽管问。',
  thanks: '不客气。还有别的问题可以接着问。',
  /** Of what goes out unasked; what somebody asked for is told them all the same. */
  opted: {
    out: ({ wechat, number }: { wechat: boolean; number: boolean }) =>
      `好的，以后不再主动给您发通知（${[wechat && '微信', number && '您核对过的手机号'].filter(Boolean).join('和')}）。您自己问的、投诉的，有了结果照常告诉您。要恢复，请回复“恢复”。${number ? '' : '短信通知另算，请用收短信的手机回复 TD。'}`,
    in: ({ wechat, number }: { wechat: boolean; number: boolean }) =>
      `好的，已恢复接收通知（${[wechat && '微信', number && '您核对过的手机号'].filter(Boolean).join('和')}）。要退订，请回复“退订”。${number ? '' : '短信通知另算，请用收短信的手机回复 HF。'}`,
  },
  nowhereToOptOut:
    '网页上不会主动给您发通知。要退订短信，请用收短信的手机回复 TD；要恢复，回复 HF。也可以说“人工”，核对号码后由同事登记。',
  goodbye: '好的，感谢您的咨询，再见。',
  whatElse: '好的，请说您的问题。',
  nothingToRepeat: '我还没有说过什么，请说您的问题。',
  askBack: '我不确定您问的是哪一个，请选一个，或者换个说法：',
  noneOfThese: '好的，都不是。请换个说法再问一次，也可以说“人工”。',
  unknown: '这个问题我这里没有经过审核的答复。您可以换个说法再问一次，或者说“人工”转给同事。',
  handedOver: {
    asked: '好的，正在为您转接人工。',
    bot_stuck: '这个问题我答不好，正在为您转给同事。',
    urgent: '我马上为您转接人工，请不要离开。',
    bot_failed: '系统刚才出了点问题，正在为您转给同事。您说的内容已经记下，不用重复。',
    agent_gone: '刚才接待您的同事暂时离开了，您已回到队伍前面，马上会有其他同事接待，不用重复说。',
    transfer: '正在为您转给其他同事，您已排到队伍前面，不用重复说。',
  },
  transferred: (number: string) => `已为您转给同事，工号 ${number} 继续为您服务。前面的内容同事都能看到，不用重复说。`,
  rangAgain: '市民再次来电。',
  notTakenUp: '刚才接待您的同事暂时没有接听，您已排到队伍前面，会有同事接待，不用重复说。',
  place: (place: number, range: WaitRange | undefined) =>
    `${[`您排在第 ${place} 位`, waitRangeWords(range)].filter(Boolean).join('，')}。可以先离开，叫到您会提醒。`,
  /** The person left while a file was on its way. */
  fileKept: '收到了。现在没有同事在线上，我看不了图片和文件，请把问题打字发给我，或者说“人工”。',
  waiting: '已记下，接待您的同事会看到。您仍在排队中；不想等可以说“取消排队”。',
  leftQueue: '已为您取消排队。您可以继续问我，需要时再说“人工”。',
  complaintUnfiled:
    '您刚才的投诉还没有提交。可以先留电话，由同事回电时记录；要自己提交，请先说“取消”，再说“我要投诉”。',
  nobodyThere: '现在没有同事在线。我先为您登记回电，同事上班后联系您。',
  notNow: '现在不是人工接待的时间。我先为您登记回电，同事上班后联系您。',
  urgentHint: '如遇生命危险，请先拨打 120 或 110。',
  nobodyPlain: '现在没有同事在线。请点“回电预约”留下电话，同事上班后联系您。',
  claimed: (number: string) => `工号 ${number} 为您服务。`,
  personLeft: '本次人工服务已结束。还有问题可以继续问，我一直在。',
  backToBot: '已转回智能客服，请继续说您的问题。',
  hungUp: '市民已挂断。',
  questionLeft: '您的问题已留下，同事听过后给您回电。',
  missedKept: '市民等候人工时挂断，已列入待回电（未接来电）。',
  notReached: {
    asked: (tries: number, us: WaysToUs) =>
      `${us.bureau}：您预约的回电，我们${apart(tries)}拨打了 ${tries} 次都没有接通，这次预约先结束。仍需要帮助时，请${waysToUs(us)}。`,
    missed: (tries: number, us: WaysToUs) =>
      `${us.bureau}：您之前来电没有等到人工，我们${apart(tries)}回拨了 ${tries} 次都没有接通。仍需要帮助时，请${waysToUs(us)}。`,
  },
  ended: '本次咨询已结束。还有问题随时可以继续问。',
  stillThere: '您还在吗？还有要补充的请直接说；暂时没有的话，会话稍后会先结束，您随时可以回来接着问。',
  endedAsLeft: '您有一段时间没有回复，本次人工服务先结束。一天内回来说一声，会先为您找刚才的同事。',
  agentLeft: '刚才接待您的同事已离开，会话已转给其他同事，前面的内容都能看到，您不用重复说。',
  endedBySilence: '您有一段时间没有说话，本次咨询先结束。还有问题随时可以继续问。',
  rateHint: '请为这次服务打个分，不评也可以。',
  rateOthers: (link: string) => `前面为您服务的也可以评价：${link}`,
  rateByLink: (link: string) => `感谢您的来电。请点开链接评价这次服务，不评也可以：${link} 回复TD退订`,
  /** Said on the telephone while the card goes to it by short message. */
  cardSpoken: '办理须知已用短信发到您的手机，请查收。',
  cardPage: (question: string, page: string) => `您咨询的“${question}”，办理条件、材料、步骤和渠道在这里：${page}`,
  cardWhole: (question: string, card: string) => `您咨询的“${question}”：\n${card}`,
  cardUnasked: (question: string, page: string) =>
    `您来电咨询的“${question}”，办理条件、材料、步骤和渠道在这里：${page} 回复TD退订`,
  rated: '已收到您的评价，谢谢您。',
  ratedBad: (number: string, dueOn: string) =>
    `已收到您的评价。这次没有让您满意，我们已立案核实（编号 ${number}），将在 ${dueOn} 前整改并告诉您结果。`,
  complaintFiled: (number: string, dueOn: string, provisional: boolean) =>
    `您的投诉已登记，编号 ${number}。专人将在 ${dueOn} 前办结${provisional ? '（节假日安排公布后可能调整）' : ''}并告诉您结果。把编号发给我可以查进度，来电来访报编号也可以。`,
  callbackBooked: (phone: string, due: string) => `已登记回电，同事会在 ${due} 前后拨打 ${phone}。请留意来电。`,
  callbackMoved: (phone: string, due: string) =>
    `您要的时间不能安排回电，已为您改到最近的上班时间：同事会在 ${due} 前后拨打 ${phone}。请留意来电。`,
  dutyTold: '现在没有同事在线，已通知值班同事，请不要离开。',
  takenOver: (number: string) => `工号 ${number} 接着为您服务。前面的内容都能看到，不用重复说。`,
  remedy: (number: string, remedy: string) => `您反映的问题（编号 ${number}）已办理：${remedy}`,
  remedySent: (number: string, remedy: string, link: string | undefined) =>
    `您反映的问题（编号 ${number}）已办理：${remedy}${link ? `\n请评价这次整改，仍不满意会重新办理：${link}` : ''}`,
  rateRemedy: '请您评价这次整改。如果仍不满意，我们会重新办理。',
  fixAccepted: (number: string) => `感谢您的确认，编号 ${number} 已办结。`,
  deadlineExtended: (number: string, dueOn: string, provisional: boolean, reason: string) =>
    `您反映的问题（编号 ${number}）需要更多时间：${reason}。办结期限延至 ${dueOn}${provisional ? '（节假日安排公布后可能调整）' : ''}，给您添麻烦了。`,
  deadlineMoved: (number: string, dueOn: string) =>
    `您反映的问题（编号 ${number}）的办结期限，按新公布的节假日安排调整为 ${dueOn}。`,
  fixRefused: (number: string) => `已收到。编号 ${number} 将重新办理，并由专人继续跟进。`,
  notHelped: '抱歉没有帮到您。您可以换个说法再问一次，或者说“人工”转给同事。',
  helped: '好的，很高兴帮到您。',
  gapLetter: (question: string, answer?: string) =>
    answer
      ? `您之前咨询过“${question}”，现在有了经过审核的答复：${answer}`
      : `您之前咨询过“${question}”，现在有了经过审核的答复，请打开网上咨询窗口或者来电查看。`,
  gapAnswered: (question: string) => `您之前问过“${question}”，当时没能答好。现在有了经过审核的答复：`,
} as const

/** What citizens read in WeChat that no bot and no colleague says. */
export const wording = {
  /** @param page where one agrees to notices */
  lastMessage: (page: string) =>
    `微信限制，您回复之前这是最后一条。回复任意一句就能接着说；想在有新进展时收到通知，请点开同意：${page}`,
  comeBack: '您的事项有新进展，请在公众号里回复任意一句查看。',
  /** @param where `网页` or `电话` */
  askToJoin: (where: string) => `把您在${where}上的咨询接到这里来吗？接过来以后，接待您的同事能同时看到两边说过的话。`,
  scanToGoOn:
    '请用微信扫一扫，关注公众号后接着说，前面的内容不用重复。在手机上打开的，请先把这一页截图，再在微信“扫一扫”里从相册选取。二维码只能用一次。',
  invitation: (bureau: string, link: string) =>
    `【${bureau}】您可以在微信里接着咨询，点开看二维码（24 小时内有效）：${link}`,
  agree: '同意',
  decline: '不用',
  joined: '好的，已接到这里。您接着说就行，前面的内容不用重复。',
  joinedElsewhere: '您已在微信里接着咨询，这里说过的话同事在那边也看得到。如果不是您本人扫的码，请马上告诉我们。',
  notJoined: '好的，不接过来。您在这里可以直接提问。',
  joinOver: '这个二维码已经用过或者过期了。需要的话，请回到原来的页面重新打开一个。',
  rateWindow: (name: string) => `请评价${name}的这次服务，不评也可以。`,
  rateWindowLink: (name: string, link: string) => `请评价${name}的这次服务，点这里打开：${link}`,
  notWorkedOn: (said: string | undefined) =>
    `很抱歉，您之前发来的${said === undefined ? '一条消息' : `“${shortened(said)}”`}，系统没能处理。请再发一次；着急的话，请回复“转人工”。`,
  placeSeen: '收到您的位置了。请再打字说您想问什么，比如“这里的医保服务窗口在哪”。',
  windowClosed: '这个窗口的评价码已经停用。',
} as const

const mostQuoted = 20
const shortened = (words: string) => {
  const chars = [...words]
  return chars.length > mostQuoted ? `${chars.slice(0, mostQuoted).join('')}…` : words
}

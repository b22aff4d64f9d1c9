/**
 * The page on which a citizen agrees to notices, inside WeChat: readies WeChat's own button, and says what became of it.
 * WeChat tells the server by itself; nothing is sent from here.
 */
type Config = {
  appId: string
  timestamp: number
  nonceStr: string
  signature: string
  jsApiList: string[]
  openTagList: string[]
}
/** WeChat's own script (JS-SDK). In any other browser it never becomes ready. */
declare global {
  interface Window {
    wx?: { config(config: Config): void; ready(done: () => void): void; error(failed: () => void): void }
  }
}

const wording = {
  agreed: '已经同意。有了新进展，会用微信“服务通知”告诉您。',
  declined: '您没有同意，不影响咨询和办事。想接收的时候再点上面的按钮。',
  off: '您在微信里关闭了通知。要接收的话，请先在公众号的设置里打开。',
  failed: '没有成功，请过一会儿再点一次。',
  old: '您的微信版本不支持，请更新微信后再打开。',
  away: '请从公众号的消息里重新点开这个页面。',
} as const
/** Of the button: the citizen has turned all notices off. */
const turnedOff = 20_004

const [place, button, told] = ['notices', 'agree', 'told'].map((id) => document.getElementById(id))

function say(words: string, isGood = false): void {
  if (!told) return
  told.textContent = words
  told.classList.toggle('good', isGood)
}

/** `subscribeDetails`: JSON by template, each of them JSON again. */
function isAgreed(detail: unknown): boolean {
  return JSON.stringify(detail).includes('accept')
}

const detailOf = (event: Event): unknown => (event instanceof CustomEvent ? event.detail : undefined)

if (window.wx && place && button) {
  const { appId = '', timestamp, nonce = '', signature = '' } = place.dataset
  window.wx.config({
    ...{ appId, timestamp: Number(timestamp), nonceStr: nonce, signature },
    // Without an entry here some versions do not ready the buttons either.
    jsApiList: ['hideOptionMenu'],
    openTagList: ['wx-open-subscribe'],
  })
  window.wx.ready(() => {
    place.hidden = false
    say('')
  })
  window.wx.error(() => say(wording.away))
  document.addEventListener('WeixinOpenTagsError', () => say(wording.old))
  button.addEventListener('success', (event) =>
    isAgreed(detailOf(event)) ? say(wording.agreed, true) : say(wording.declined),
  )
  button.addEventListener('error', (event) =>
    say(JSON.stringify(detailOf(event)).includes(String(turnedOff)) ? wording.off : wording.failed),
  )
}

export {}

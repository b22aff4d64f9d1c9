// @ts-nocheck
/* Stands in for WeChat's script in pages (JS-SDK): wx.config, and the button wx-open-subscribe. */
;(() => {
  const openId = 'OPEN_ID'
  const { origin } = new URL(document.currentScript.src)
  const answers = (window.wxStandIn = {})
  const waiting = { ready: [], error: [] }
  let state = ''

  /** Asked by a script, as the page lets no other request out. */
  const ask = (path, asked) =>
    new Promise((resolve) => {
      const callback = `answer${Object.keys(answers).length}`
      answers[callback] = resolve
      const query = new URLSearchParams({ ...asked, callback })
      document.head.append(Object.assign(document.createElement('script'), { src: `${origin}/open/${path}?${query}` }))
    })
  const listen = (to) => (heard) => (state === to ? heard() : waiting[to].push(heard))

  class Subscribe extends HTMLElement {
    connectedCallback() {
      const parts = [...this.querySelectorAll('script[type="text/wxtag-template"]')].map((part) => part.textContent)
      this.attachShadow({ mode: 'open' }).innerHTML = `${parts.join('')}<p hidden>“医疗保障公众号”要给您发通知
        <button id="no">取消</button> <button id="yes">允许</button></p>`
      const at = (selector) => this.shadowRoot.querySelector(selector)
      const [button, sheet] = [at('button'), at('p')]
      button.onclick = () => (sheet.hidden = false)
      at('#no').onclick = () => this.tapped('reject')
      at('#yes').onclick = () => this.tapped('accept')
    }
    async tapped(status) {
      this.shadowRoot.querySelector('p').hidden = true
      const templateId = this.getAttribute('template')
      await ask('subscribe', { openId, templateId, agrees: status === 'accept' })
      const subscribeDetails = JSON.stringify({ [templateId]: JSON.stringify({ status }) })
      this.dispatchEvent(new CustomEvent('success', { detail: { errMsg: 'subscribe:ok', subscribeDetails } }))
    }
  }

  window.wx = {
    async config({ appId, timestamp, nonceStr, signature, openTagList }) {
      const [url] = location.href.split('#')
      const isSigned = await ask('verify', { appId, timestamp, nonceStr, signature, url })
      state = isSigned && openId ? 'ready' : 'error'
      if (state === 'ready' && openTagList.includes('wx-open-subscribe'))
        customElements.define('wx-open-subscribe', Subscribe)
      for (const heard of waiting[state]) heard()
    },
    ready: listen('ready'),
    error: listen('error'),
  }
})()

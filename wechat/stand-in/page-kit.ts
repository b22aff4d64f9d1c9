/**
 * A stand-in of what WeChat gives pages inside it (JS-SDK): the script, whether a page is signed as it must be, and what
 * a citizen taps on its button. Which citizen it is, WeChat knows; here a cookie tells it, which the chat has set.
 */
import { readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { pageSignature } from '../page-signing.ts'

type Parts = {
  appId: string
  ticket: () => string
  consent: (openId: string, templateId: string, agrees: boolean) => Promise<unknown>
}

export function pageKit({ appId, ticket, consent }: Parts) {
  const isSigned = (asked: URLSearchParams): boolean => {
    const stamp = { nonce: asked.get('nonceStr') ?? '', timestamp: asked.get('timestamp') ?? '' }
    const wanted = pageSignature(ticket(), stamp, asked.get('url') ?? '')
    return asked.get('appId') === appId && asked.get('signature') === wanted
  }

  async function told(at: URL): Promise<unknown> {
    const asked = at.searchParams
    if (at.pathname === '/open/verify') return isSigned(asked)
    const [openId, templateId, agrees] = [asked.get('openId') ?? '', asked.get('templateId') ?? '', asked.get('agrees')]
    await consent(openId, templateId, agrees === 'true')
    return true
  }

  /** @returns a script; nothing for what is not asked for here. */
  return async (at: URL, cookie = ''): Promise<string | undefined> => {
    if (at.pathname === '/open/js/jweixin-1.6.0.js') {
      const script = await readFile(join(import.meta.dirname, 'jweixin.js'), 'utf8')
      return script.replace('OPEN_ID', /wechatOpenId=(\w+)/.exec(cookie)?.[1] ?? '')
    }
    if (at.pathname !== '/open/verify' && at.pathname !== '/open/subscribe') return undefined
    const name = at.searchParams.get('callback')?.replace(/\W/g, '') ?? ''
    return `wxStandIn.${name}(${JSON.stringify(await told(at))})`
  }
}

/** What a citizen sends from a mini-program: JSON or XML, whichever was chosen on the platform. */
import { readInbound, type Inbound } from '../inbound.ts'
import { readJson } from '../json.ts'
import { readXml, type Fields } from '../xml.ts'

const read = (body: string): Fields | undefined => (/^\s*\{/.test(body) ? readJson(body) : readXml(body))

/** The sealed half of a body. */
export const miniSealed = (body: string): string | undefined => read(body)?.['Encrypt']

/** @returns nothing where it is no message at all. */
export function readMini(body: string): Inbound | undefined {
  const fields = read(body)
  const inbound = fields && readInbound(fields)
  if (inbound?.kind !== 'other') return inbound
  const { openId, account, at, key, what } = inbound
  const common = { openId, account, at, key }
  // The button that opens the customer service says where it stands; one that we know asks its question.
  const scene = /^entry-.+$/.exec(fields?.['SessionFrom'] ?? '')?.[0]
  if (what === 'event:user_enter_tempsession') return { ...common, kind: 'follow', ...(scene && { scene }) }
  if (what !== 'miniprogrampage') return inbound
  const { Title: title = '', PagePath: url = '' } = fields ?? {}
  return { ...common, kind: 'link', title: title.slice(0, 200), url: url.slice(0, 500) }
}

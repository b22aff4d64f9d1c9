/** The two plain requests of the panel: who this visitor is, and what the bureau shows before the first word. */
import type { WidgetSettings } from '../contract/http.ts'
import { isRecord, type Kept } from './kept.ts'

export function visitorDoor(kept: Kept) {
  async function newToken(): Promise<string> {
    const before = kept.token()
    const visitor = await fetchJson('/api/visitors', { method: 'POST', body: '{}' })
    if (!isRecord(visitor) || typeof visitor.token !== 'string') throw new Error('no token in the answer')
    // Another tab may have been quicker: both then use its token and see the same conversation.
    const after = kept.token()
    if (after !== undefined && after !== before) return after
    kept.keepToken(visitor.token)
    return visitor.token
  }

  return {
    /** @returns the code as SVG. @throws where there is none to be had */
    async wechatCode(): Promise<string> {
      const token = kept.token() ?? (await newToken())
      const code = await fetchJson('/api/visitors/wechat', { method: 'POST', body: JSON.stringify({ token }) })
      if (!isRecord(code) || typeof code.svg !== 'string') throw new Error('no code in the answer')
      return code.svg
    },
    token: async () => kept.token() ?? (await newToken()),
    async renewToken(refused: string) {
      const stored = kept.token()
      return stored !== undefined && stored !== refused ? stored : newToken()
    },
    /** What was kept from the last time, so that the panel opens without waiting. */
    lastSettings(): WidgetSettings | undefined {
      const settings = kept.settings()
      return isSettings(settings) ? settings : undefined
    },
    async settings(): Promise<WidgetSettings> {
      const settings = await fetchJson('/api/widget/settings')
      if (!isSettings(settings)) throw new Error('not the settings we know')
      kept.keepSettings(settings)
      return settings
    },
  }
}
export type VisitorDoor = ReturnType<typeof visitorDoor>

async function fetchJson(path: string, init: RequestInit = {}): Promise<unknown> {
  const response = await fetch(path, { ...init, headers: { 'content-type': 'application/json' }, credentials: 'omit' })
  if (!response.ok) throw new Error(`${path}: ${response.status}`)
  return response.json()
}

const isSettings = (value: unknown): value is WidgetSettings =>
  isRecord(value) &&
  typeof value.bureau === 'string' &&
  Array.isArray(value.cities) &&
  Array.isArray(value.hotQuestions) &&
  isRecord(value.levelNames) &&
  isRecord(value.ratingReasons)

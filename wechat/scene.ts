/** What stands in a code (场景): an entry, a window, or somebody who wants to go on here. Pure. */

export type Scene =
  | { kind: 'entry'; entryId: string }
  | { kind: 'window'; code: string }
  | { kind: 'join'; token: string }

/** developers.weixin.qq.com, 带参数的二维码. */
export const mostSceneChars = 64
/** 128 bits of chance. */
export const joinTokenBytes = 16

export const sceneWords = (scene: Scene): string => {
  switch (scene.kind) {
    case 'entry':
      return `entry-${scene.entryId}`
    case 'window':
      return `window-${scene.code}`
    case 'join':
      return `join-${scene.token}`
  }
}

/** @returns nothing for a code that is none of ours. */
export function readScene(words: string): Scene | undefined {
  const [, kind, what = ''] = /^(entry|window|join)-(.+)$/.exec(words) ?? []
  if (kind === 'entry') return { kind, entryId: what }
  if (kind === 'window' && /^[0-9a-f-]{36}$/.test(what)) return { kind, code: what }
  if (kind === 'join' && /^[\w-]{22}$/.test(what)) return { kind, token: what }
  return undefined
}

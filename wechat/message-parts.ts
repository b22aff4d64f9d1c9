/** Long text as messages that WeChat takes: cut where a reader would pause, never inside a character; nothing is lost. */

/** Of UTF-8, a message (developers.weixin.qq.com, 客服消息). */
export const mostMessageBytes = 2_048

/** @returns parts that joined are the text again. */
export function messageParts(text: string, mostBytes = mostMessageBytes): string[] {
  const parts: string[] = []
  for (let rest = text; rest.length > 0; ) {
    const fits = longestFit(rest, mostBytes)
    const end = fits === rest.length ? fits : pauseBefore(rest, fits)
    parts.push(rest.slice(0, end))
    rest = rest.slice(end)
  }
  return parts
}

/** How many UTF-16 units of it fit, whole characters only; at least one character. */
function longestFit(text: string, mostBytes: number): number {
  let bytes = 0
  let end = 0
  for (const character of text) {
    bytes += Buffer.byteLength(character)
    if (bytes > mostBytes && end > 0) break
    end += character.length
  }
  return end
}

/** The last paragraph's, line's or sentence's end within the second half of what fits; else everything that fits. */
function pauseBefore(text: string, fits: number): number {
  for (const pause of ['\n\n', '\n', '。', '；', '，']) {
    const at = text.lastIndexOf(pause, fits - pause.length)
    if (at >= fits / 2) return at + pause.length
  }
  return fits
}

/**
 * Text in pieces that are rendered, cached and interrupted one at a time, so that the first is heard while the second
 * is still being made.
 *
 * Invariant: the pieces in order are the text, blanks at their ends aside; none is empty.
 */

/** Longer than this the first sound comes too late, in characters. */
const longest = 60

/** @param text as it is written, before it is made spoken; a decimal point ends nothing. */
export function sentences(text: string, limit = longest): string[] {
  const whole = text.match(/[^。！？!?；;\n]*[。！？!?；;\n]+[”’"）)》」]*|[^。！？!?；;\n]+$/gu) ?? []
  return whole
    .flatMap((sentence) => inPieces(sentence, limit))
    .map((piece) => piece.trim())
    .filter((piece) => /[\p{L}\p{N}]/u.test(piece))
}

/** Cut at the last comma within the limit, and in mid-word only where there is none. */
function inPieces(sentence: string, limit: number): string[] {
  const characters = [...sentence]
  if (characters.length <= limit) return [sentence]
  const reach = characters.slice(0, limit)
  const at = Math.max(...['，', '、', '：', ','].map((mark) => lastCut(reach, mark)))
  const cut = at > 0 ? at : limit
  return [characters.slice(0, cut).join(''), ...inPieces(characters.slice(cut).join(''), limit)]
}

/** A comma between digits (1,200) is no place to breathe. */
function lastCut(characters: readonly string[], mark: string): number {
  for (let i = characters.length - 1; i > 0; i--) {
    const isInNumber = /\d/.test(characters[i + 1] ?? '') && /\d/.test(characters[i - 1] ?? '')
    if (characters[i] === mark && !isInNumber) return i + 1
  }
  return 0
}

/**
 * Topic codes: four digits that a caller reads off the website and types. Every code has a 1 and none has a 0: 1
 * carries no letters, so a code is never taken for initials, and 0 stays a person. Which entry has which is kept.
 */
const length = 4
export const topicCodes: readonly string[] = everyCode()

export function isTopicCode(digits: string): boolean {
  return digits.length === length && /^[1-9]+$/.test(digits) && digits.includes('1')
}

function everyCode(): string[] {
  const codes: string[] = []
  for (let number = 1_111; number <= 9_999; number++) if (isTopicCode(String(number))) codes.push(String(number))
  return codes
}

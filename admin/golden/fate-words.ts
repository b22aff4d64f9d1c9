/** What becomes of a golden question, in words and in tones. */
import type { GoldenFate } from '../../contract/golden.ts'

export const fateNames: Record<GoldenFate, string> = {
  right: '答对',
  offered: '反问里有',
  withheld: '没答上',
  wrong: '答错',
}
export const fateTones = {
  right: 'good',
  offered: 'brand',
  withheld: 'accent',
  wrong: 'danger',
} as const satisfies Record<GoldenFate, string>

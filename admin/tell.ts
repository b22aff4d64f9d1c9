/** Short news and refusals in words, shown for a moment above the page; and the one question before a destructive act. */
import { ElMessage, ElMessageBox } from 'element-plus'
import { ApiError } from './api.ts'
import { refusalWords } from './wording.ts'

/** Whatever failed, in words for a person. Only an ApiError has words of its own; what is wrong as a whole says why. */
export const wordsOf = (error: unknown) =>
  error instanceof ApiError
    ? (error.fields.find(({ path }) => path === '')?.message ?? error.message)
    : refusalWords.broken

export function tell(error: unknown): void {
  if (!(error instanceof ApiError)) console.error(error)
  if (error instanceof ApiError && error.code === 'not_signed_in') return // the sign-in page says so itself
  ElMessage({ type: 'error', message: wordsOf(error), duration: 6_000, showClose: true, grouping: true })
}

export function say(words: string): void {
  ElMessage({ type: 'success', message: words, duration: 3_000, grouping: true })
}

/** @param consequence what will be so afterwards. */
export async function agreed(question: string, consequence: string, act: string): Promise<boolean> {
  return ElMessageBox.confirm(consequence, question, {
    confirmButtonText: act,
    cancelButtonText: '取消',
    autofocus: false,
  }).then(
    () => true,
    () => false,
  )
}

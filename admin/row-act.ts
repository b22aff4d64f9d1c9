/** An act on one row of a list: which row is busy with it. Once done the list is read anew; a refusal is told above the page. */
import { ref } from 'vue'
import { say, tell } from './tell.ts'

export function useRowAct(load: () => Promise<unknown>) {
  const busy = ref('')

  /** @param done what is said afterwards. @returns whether it was done. */
  async function act(row: string, work: () => Promise<unknown>, done: string): Promise<boolean> {
    busy.value = row
    try {
      await work()
      say(done)
      await load()
      return true
    } catch (error) {
      tell(error)
      return false
    } finally {
      busy.value = ''
    }
  }

  return { busy, act }
}

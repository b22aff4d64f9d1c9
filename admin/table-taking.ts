/**
 * A table that is taken in: chosen, looked at by the server, and taken in only when somebody says so. Any faulty cell
 * keeps the whole of it out.
 */
import { ref, shallowRef } from 'vue'
import { upload } from './api.ts'
import { tableFailure, type TableFailure } from './table-failure.ts'

/** @param address where the table goes; with `check` it is only looked at. */
export function useTable<View>(address: (check: boolean) => string) {
  const file = shallowRef<File>()
  const looked = shallowRef<View>()
  const failure = ref<TableFailure>()
  const underWay = ref(false)

  async function send(check: boolean): Promise<View | undefined> {
    if (!file.value || underWay.value) return undefined
    underWay.value = true
    failure.value = undefined
    try {
      return await upload<View>(address(check), file.value)
    } catch (error) {
      failure.value = tableFailure(error)
      return undefined
    } finally {
      underWay.value = false
    }
  }

  async function look(): Promise<void> {
    looked.value = undefined
    looked.value = await send(true)
  }

  return {
    ...{ file, looked, failure, underWay, look },

    async choose(chosen: File): Promise<void> {
      file.value = chosen
      await look()
    },

    take: () => send(false),

    clear(): void {
      file.value = undefined
      looked.value = undefined
    },
  }
}

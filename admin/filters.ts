/**
 * A list's filters and its page, kept in the address: a reload, a link to a colleague and the way back from a row
 * all show the same rows. An empty filter leaves the address; changing any filter goes to the first page.
 */
import { computed } from 'vue'
import { useRoute, useRouter } from 'vue-router'

const rowsAPage = 20

export function useFilters<K extends string>(names: readonly K[]) {
  const route = useRoute()
  const router = useRouter()
  const own = route.name

  const inAddress = (name: string): string => {
    const value = route.query[name]
    return typeof value === 'string' ? value : ''
  }
  function go(changed: Record<string, string>): void {
    const next = Object.fromEntries(Object.entries({ ...route.query, ...changed }).filter(([, value]) => value))
    void router.replace({ query: next })
  }

  const of = (name: K): string => inAddress(name)
  const put = (name: K, value: unknown): void => go({ [name]: typeof value === 'string' ? value : '', page: '' })
  /** What a control is given to show one of them and to change it: `v-bind="bound('state')"`. */
  const bound = (name: K) => ({
    modelValue: of(name),
    'onUpdate:modelValue': (value: unknown) => put(name, value),
  })
  const page = computed({
    get: () => Math.max(1, Math.floor(Number(inAddress('page'))) || 1),
    set: (value: number) => go({ page: value > 1 ? String(value) : '' }),
  })
  const query = computed(() => ({
    ...Object.fromEntries(names.map((name) => [name, inAddress(name)])),
    limit: rowsAPage,
    offset: (page.value - 1) * rowsAPage,
  }))
  // Leaving the page changes the address too; that is no change of filters.
  const asKey = () => (route.name === own ? JSON.stringify(query.value) : undefined)
  const isFiltered = computed(() => names.some((name) => inAddress(name) !== ''))
  const clear = () => go(Object.fromEntries([...names, 'page'].map((name) => [name, ''])))

  return { of, put, bound, page, query, asKey, isFiltered, clear, rowsAPage }
}

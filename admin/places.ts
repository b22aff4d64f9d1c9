/** Names of the cities that this installation serves. A code without a name is shown as itself. */
import { shallowRef } from 'vue'
import type { WidgetSettings } from '../contract/http.ts'
import { get } from './api.ts'
import { everywhere } from './wording.ts'

export const cities = shallowRef<WidgetSettings['cities']>([])
let asked: Promise<void> | undefined

/** Asked once; a failure costs only the names. */
export function learnCities(): Promise<void> {
  asked ??= get<WidgetSettings>('widget/settings').then(
    (settings) => {
      cities.value = settings.cities
    },
    () => {
      asked = undefined
    },
  )
  return asked
}

export function placeName(code: string | undefined): string {
  if (!code) return everywhere
  return cities.value.find((city) => city.code === code)?.name ?? code
}

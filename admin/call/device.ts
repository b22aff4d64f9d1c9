/**
 * With what the agent takes up calls: this computer's headset or the desk phone, as chosen in this browser. The desk
 * phone's own doings are told by the server, to every window of the agent alike.
 */
import { computed, onBeforeUnmount, ref, shallowRef } from 'vue'
import type { Connection } from '../desk/connection.ts'
import { ApiError } from '../api.ts'
import { tell } from '../tell.ts'
import { dialled, found, gone, heldHere, noCall, told, type DeviceState } from './device-state.ts'

export type DeviceKind = 'headset' | 'handset'
const key = 'budayang.call.device'
/** A desk phone that loses its power says nothing; its registration runs out. */
const lookEveryMs = 60_000

/** The server names what stands in the way at the field that it is about; there is no form here to show it in. */
export function tellReason(error: unknown): void {
  const [field] = error instanceof ApiError ? error.fields : []
  tell(error instanceof ApiError && field ? new ApiError(error.code, field.message) : error)
}

export type Device = ReturnType<typeof useDevice>

export function useDevice({ socket, line, ask }: Connection) {
  const extension = ref<string>()
  const isRegistered = ref(false)
  const wished = ref<DeviceKind>(localStorage.getItem(key) === 'handset' ? 'handset' : 'headset')
  const state = shallowRef<DeviceState>(noCall)
  const looking = setInterval(() => void look(), lookEveryMs)
  onBeforeUnmount(() => clearInterval(looking))

  async function look(): Promise<void> {
    if (line.value !== 'up') return
    try {
      const view = await ask('handset:look', {})
      extension.value = view.extension
      isRegistered.value = view.isRegistered
      state.value = found(state.value, view, Date.now())
    } catch (error) {
      if (line.value === 'up') tell(error)
    }
  }

  async function orTell(act: Promise<unknown>): Promise<boolean> {
    try {
      await act
      return true
    } catch (error) {
      tellReason(error)
      return false
    }
  }

  async function ring(conversationId: string): Promise<void> {
    state.value = dialled(conversationId, Date.now())
    if (!(await orTell(ask('handset:ring', { conversationId })))) state.value = noCall
  }

  async function hold(conversationId: string, on: boolean): Promise<void> {
    if (await orTell(ask('call:hold', { conversationId, on }))) state.value = heldHere(state.value, on)
  }

  function forget(conversationId: string): void {
    state.value = gone(state.value, conversationId)
  }

  socket.on('connect', () => void look())
  socket.on('handset:changed', () => void look())
  socket.on('handset:told', (news) => (state.value = told(state.value, news, Date.now())))

  return {
    extension,
    isRegistered,
    /** Without an extension there is only the headset. */
    kind: computed<DeviceKind>(() => (extension.value === undefined ? 'headset' : wished.value)),
    choose(kind: DeviceKind): void {
      wished.value = kind
      localStorage.setItem(key, kind)
    },
    /** The call that the desk phone has or rings for. */
    on: computed(() => state.value.on),
    onOf: (conversationId: string) => (state.value.on?.conversationId === conversationId ? state.value.on : undefined),
    whyOf: (conversationId: string) =>
      state.value.refusal?.conversationId === conversationId ? state.value.refusal.why : undefined,
    ring,
    hold,
    async putDown(conversationId: string): Promise<void> {
      if (await orTell(ask('handset:put-down', { conversationId }))) forget(conversationId)
    },
    forget,
  }
}

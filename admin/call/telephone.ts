/**
 * The agent's telephone: one microphone, so one call at a time is spoken on; the states of all calls that were seen.
 *
 * The microphone is on only while the state of its call says so: whatever ends the talk, the citizen, a colleague's
 * claim, a pulled plug or the page, closes the sound in the same step. Also used from other pages of the console,
 * where the desk lives on unseen.
 */
import { computed, onBeforeUnmount, reactive, ref } from 'vue'
import type { Summary } from '../../contract/summary.ts'
import type { Connection } from '../desk/connection.ts'
import { session } from '../session.ts'
import { agreed, tell } from '../tell.ts'
import { callSound, silent, type CallSound } from './call-sound.ts'
import { after, isLive, untaken, type Call, type Happening } from './call.ts'
import { provideRingBack } from './device-callback.ts'
import { useDevice } from './device.ts'
import { openSound } from './sound.ts'
import { webrtcLine } from './webrtc-line.ts'

/** The call that is spoken on, from the click on. */
type Spoken = { conversationId: string; sound?: CallSound }

export type Telephone = ReturnType<typeof useTelephone>

export function useTelephone(connection: Connection) {
  const { socket, line, ask } = connection
  const device = useDevice(connection)
  const calls = reactive(new Map<string, Call>())
  /** How loud each side is, 0-100. */
  const levels = ref(silent)
  provideRingBack(connection, { takeUp, isLive: (id) => found(id, 'live') })
  const direct = webrtcLine({ socket, ask })
  let spoken: Spoken | undefined
  const hangingUp = new Set<string>()

  const callOf = (id: string): Call => calls.get(id) ?? untaken
  const live = computed(() => [...calls].find(([, call]) => isLive(call))?.[0])

  function happen(id: string, what: Happening): void {
    calls.set(id, after(callOf(id), what))
    if (spoken?.conversationId === id && !isLive(callOf(id))) silence()
  }

  function silence(): void {
    spoken?.sound?.close()
    spoken = undefined
    levels.value = silent
  }

  /** Puts the sound down here and at the server. */
  function putDown(id: string, what: Happening): void {
    const wasOpen = spoken?.conversationId === id
    happen(id, what)
    if (wasOpen && line.value === 'up') ask('audio:close', { conversationId: id }).catch(() => {}) // it closes with the line
  }

  /** What the server knows of a call; what this console sees of it by itself counts more. */
  function found(id: string, standing: 'live' | 'ended'): void {
    if (standing === 'ended' && callOf(id).kind === 'untaken') happen(id, { kind: 'over', by: 'citizen' })
    if (standing === 'live' && callOf(id).kind === 'ended') calls.delete(id)
  }

  /** With the device that the agent chose. */
  async function takeUp(id: string): Promise<void> {
    if (live.value || device.on.value) return
    if (device.kind.value === 'handset') return device.ring(id)
    const mine: Spoken = { conversationId: id }
    spoken = mine
    happen(id, { kind: 'take-up' })
    const opened = await openSound(() => putDown(id, { kind: 'microphone-off', why: 'unplugged' }))
    if ('off' in opened) {
      if (spoken === mine) happen(id, { kind: 'microphone-off', why: opened.off })
      return
    }
    // The citizen hung up while the agent was still being asked for the microphone.
    if (spoken !== mine) return opened.close()
    mine.sound = callSound({
      ...{ socket, line: direct, conversationId: id, sound: opened },
      told: {
        way: (way) => happen(id, { kind: 'way', way }),
        levels: (loud) => (levels.value = loud),
        trouble(trouble) {
          if (line.value === 'up') happen(id, { kind: 'quality', trouble })
        },
      },
    })
    await openAtServer(mine)
  }

  async function openAtServer(mine: Spoken): Promise<void> {
    const { conversationId } = mine
    try {
      await ask('audio:open', { conversationId })
      if (spoken !== mine) return
      happen(conversationId, { kind: 'opened', at: Date.now() })
      mine.sound?.opened()
      // To the phone it is a console that has just come; what it was told before the line broke is told again.
      if (isOnHold(conversationId)) await ask('call:hold', { conversationId, on: true })
    } catch (error) {
      if (spoken !== mine || line.value !== 'up') return
      putDown(conversationId, { kind: 'put-down' })
      tell(error)
    }
  }

  const isOnHold = (id: string) => {
    const call = callOf(id)
    return call.kind === 'talking' && call.isHeld
  }

  function mute(id: string, on: boolean): void {
    happen(id, { kind: 'mute', on })
    if (spoken?.conversationId === id) spoken.sound?.mute(on)
  }

  const orTell = (act: Promise<unknown>) => act.then(() => true).catch((error: unknown) => (tell(error), false))

  async function hold(id: string, on: boolean): Promise<void> {
    if (!(await orTell(ask('call:hold', { conversationId: id, on })))) return
    happen(id, { kind: 'hold', on })
    if (spoken?.conversationId === id) spoken.sound?.hold(on)
  }

  async function hangUp(id: string): Promise<void> {
    const yes = await agreed('挂断电话', '市民的电话会立即断开。会话还在，请接着写小结。', '挂断')
    // The citizen may have been quicker than the answer.
    if (!yes || callOf(id).kind === 'ended') return
    hangingUp.add(id)
    if (await orTell(ask('call:hang-up', { conversationId: id }))) happen(id, { kind: 'over', by: 'agent' })
    hangingUp.delete(id)
  }

  /** @throws ApiError */
  async function giveToBot(id: string, summary: Summary): Promise<void> {
    await ask('call:to-bot', { conversationId: id, summary })
    happen(id, { kind: 'put-down' })
  }

  socket.on('call:ended', ({ conversationId }) => {
    happen(conversationId, { kind: 'over', by: hangingUp.has(conversationId) ? 'agent' : 'citizen' })
    device.forget(conversationId)
  })
  socket.on('audio:taken', ({ conversationId }) => happen(conversationId, { kind: 'taken-elsewhere' }))
  socket.on('turn:said', ({ conversationId, speaker }) => {
    if (speaker === 'customer' && calls.has(conversationId)) happen(conversationId, { kind: 'citizen-spoke' })
  })
  socket.on('conversation:changed', ({ conversationId, state, agentNumber }) => {
    const isMine = state === 'agent' && agentNumber === session.value?.workNumber
    if (!isMine) {
      putDown(conversationId, { kind: 'put-down' })
      device.forget(conversationId)
    }
    // Another hand, another beginning: how an earlier call of this conversation ended is over with it.
    if (!isMine || callOf(conversationId).kind === 'ended') calls.delete(conversationId)
  })
  // The server forgot the console with the old connection.
  socket.on('connect', () => {
    if (spoken?.sound) void openAtServer(spoken)
  })
  onBeforeUnmount(() => {
    silence()
    direct.close()
  })

  return {
    ...{ callOf, live, levels, device, found, takeUp, mute, hold, hangUp, giveToBot },
    /** The call goes on; from now on the agent's words are read to the caller. */
    writeInstead: (id: string) => putDown(id, { kind: 'put-down' }),
  }
}

/**
 * The agent's telephone: one microphone, so one call at a time is spoken on; the states of all calls that were seen.
 *
 * The microphone is on only while the state of its call says so: whatever ends the talk, the citizen, a colleague's
 * claim, a pulled plug or the page, closes the sound in the same step. Also used from other pages of the console,
 * where the desk lives on unseen.
 */
import { computed, onBeforeUnmount, reactive, ref } from 'vue'
import type { Connection } from '../desk/connection.ts'
import { session } from '../session.ts'
import { agreed, tell } from '../tell.ts'
import type { AudioPath } from './audio-path.ts'
import {
  after,
  isLive,
  levelOf,
  noFlow,
  troubleBetween,
  untaken,
  type Call,
  type Flow,
  type Happening,
} from './call.ts'
import { loudnessOf } from './g711.ts'
import { socketPath } from './socket-path.ts'
import { openSound, type Sound } from './sound.ts'
import type { Played } from './worklets.ts'

/** The call that is spoken on, from the click on. `loudest`: of the agent since the meters last moved. */
type Spoken = { conversationId: string; sound?: Sound; path?: AudioPath; loudest: number; ranDry: number; flow: Flow }

const judgeEveryMs = 3_000
const silent = { citizen: 0, agent: 0 }

export type Telephone = ReturnType<typeof useTelephone>

export function useTelephone({ socket, line, ask }: Connection) {
  const calls = reactive(new Map<string, Call>())
  /** How loud each side is, 0-100. */
  const levels = ref(silent)
  let spoken: Spoken | undefined
  const hangingUp = new Set<string>()
  const judging = setInterval(judge, judgeEveryMs)

  const callOf = (id: string): Call => calls.get(id) ?? untaken
  const live = computed(() => [...calls].find(([, call]) => isLive(call))?.[0])

  function happen(id: string, what: Happening): void {
    calls.set(id, after(callOf(id), what))
    if (spoken?.conversationId === id && !isLive(callOf(id))) silence()
  }

  function silence(): void {
    spoken?.sound?.close()
    spoken?.path?.close()
    spoken = undefined
    levels.value = silent
  }

  /** Puts the sound down here and at the server. */
  function putDown(id: string, what: Happening): void {
    const wasOpen = spoken?.conversationId === id
    happen(id, what)
    if (wasOpen && line.value === 'up') ask('audio:close', { conversationId: id }).catch(() => {}) // it closes with the line
  }

  async function takeUp(id: string): Promise<void> {
    if (live.value) return
    const mine: Spoken = { conversationId: id, loudest: 0, ranDry: 0, flow: noFlow }
    spoken = mine
    happen(id, { kind: 'take-up' })
    const opened = await openSound({
      captured: (alaw) => speak(mine, alaw),
      played: (what) => showLevels(mine, what),
      lost: () => putDown(id, { kind: 'microphone-off', why: 'unplugged' }),
    })
    if ('off' in opened) {
      if (spoken === mine) happen(id, { kind: 'microphone-off', why: opened.off })
      return
    }
    // The citizen hung up while the agent was still being asked for the microphone.
    if (spoken !== mine) return opened.close()
    mine.sound = opened
    mine.path = socketPath(socket, id)
    mine.path.onFrame((alaw) => {
      if (!isOnHold(id)) opened.play(alaw)
    })
    await openAtServer(mine)
  }

  async function openAtServer(mine: Spoken): Promise<void> {
    const { conversationId } = mine
    try {
      await ask('audio:open', { conversationId })
      if (spoken !== mine) return
      happen(conversationId, { kind: 'opened', at: Date.now() })
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

  /** On hold the caller hears music; nothing of this room leaves it. A muted microphone goes on, as silence. */
  function speak(mine: Spoken, alaw: Uint8Array): void {
    const call = callOf(mine.conversationId)
    if (spoken !== mine || call.kind !== 'talking') return
    if (call.isHeld) return
    mine.loudest = Math.max(mine.loudest, loudnessOf(alaw))
    mine.path?.send(alaw)
  }

  function showLevels(mine: Spoken, { ranDry, loudness }: Played): void {
    mine.ranDry = ranDry
    if (spoken !== mine) return
    levels.value = { citizen: levelOf(loudness), agent: levelOf(mine.loudest) }
    mine.loudest = 0
  }

  function judge(): void {
    if (!spoken?.path) return
    const now: Flow = { ...spoken.path.stats(), ranDry: spoken.ranDry }
    if (line.value === 'up')
      happen(spoken.conversationId, { kind: 'quality', trouble: troubleBetween(spoken.flow, now) })
    if (spoken) spoken.flow = now
  }

  function mute(id: string, on: boolean): void {
    happen(id, { kind: 'mute', on })
    spoken?.sound?.mute(on)
  }

  const orTell = (act: Promise<unknown>) => act.then(() => true).catch((error: unknown) => (tell(error), false))

  async function hold(id: string, on: boolean): Promise<void> {
    if (await orTell(ask('call:hold', { conversationId: id, on }))) happen(id, { kind: 'hold', on })
  }

  async function hangUp(id: string): Promise<void> {
    const yes = await agreed('挂断电话', '市民的电话会立即断开。会话还在，请接着写小结。', '挂断')
    // The citizen may have been quicker than the answer.
    if (!yes || callOf(id).kind === 'ended') return
    hangingUp.add(id)
    if (await orTell(ask('call:hang-up', { conversationId: id }))) happen(id, { kind: 'over', by: 'agent' })
    hangingUp.delete(id)
  }

  async function giveToBot(id: string): Promise<void> {
    if (await orTell(ask('call:to-bot', { conversationId: id }))) happen(id, { kind: 'put-down' })
  }

  socket.on('call:ended', ({ conversationId }) =>
    happen(conversationId, { kind: 'over', by: hangingUp.has(conversationId) ? 'agent' : 'citizen' }),
  )
  socket.on('turn:said', ({ conversationId, speaker }) => {
    if (speaker === 'customer' && calls.has(conversationId)) happen(conversationId, { kind: 'citizen-spoke' })
  })
  socket.on('conversation:changed', ({ conversationId, state, agentNumber }) => {
    const isMine = state === 'agent' && agentNumber === session.value?.workNumber
    if (!isMine) putDown(conversationId, { kind: 'put-down' })
    // Another hand, another beginning: how an earlier call of this conversation ended is over with it.
    if (!isMine || callOf(conversationId).kind === 'ended') calls.delete(conversationId)
  })
  // The server forgot the console with the old connection.
  socket.on('connect', () => {
    if (spoken?.path) void openAtServer(spoken)
  })
  onBeforeUnmount(() => {
    clearInterval(judging)
    silence()
  })

  return {
    ...{ callOf, live, levels, takeUp, mute, hold, hangUp, giveToBot },
    /** The call goes on; from now on the agent's words are read to the caller. */
    writeInstead: (id: string) => putDown(id, { kind: 'put-down' }),
  }
}

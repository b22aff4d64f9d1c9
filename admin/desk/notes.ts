/**
 * Notes between colleagues beside the open conversation, and mentions of this agent anywhere. What is written stands in
 * the browser until the server has kept it.
 */
import { ref, shallowRef, watch } from 'vue'
import type { Mention, NoteView, Teammate } from '../../contract/desk-notes.ts'
import { tell } from '../tell.ts'
import { chime } from './chime.ts'
import { newClientId } from './client-id.ts'
import type { Connection } from './connection.ts'
import type { Conversation } from './conversation.ts'
import type { Drafts } from './drafts.ts'
import { mentionedIn } from './mention.ts'

export type Notes = ReturnType<typeof useNotes>

export function useNotes({ socket, ask, line }: Connection, talk: Conversation, kept: Drafts) {
  const list = shallowRef<readonly NoteView[]>([])
  const unseen = shallowRef<readonly Mention[]>([])
  const team = shallowRef<readonly Teammate[]>([])
  const text = ref('')
  const underWay = ref(false)
  /** The same words said again are the same note. */
  let clientId = newClientId()

  watch(talk.openId, (id) => {
    list.value = []
    text.value = id ? kept.noteOf(id) : ''
    clientId = newClientId()
  })
  watch(talk.view, (view) => {
    list.value = view?.notes ?? []
  })
  socket.on('note:written', (note) => {
    if (note.conversationId === talk.openId.value) take(note)
  })
  socket.on('mentions:changed', ({ mentions }) => showUnseen(mentions))
  socket.on('connect', () => {
    ask('mentions:list', {}).then(
      ({ mentions }) => showUnseen(mentions),
      () => {}, // a lost line asks again by itself
    )
  })

  function take(note: NoteView): void {
    if (!list.value.some(({ noteId }) => noteId === note.noteId)) list.value = [...list.value, note]
  }

  function showUnseen(mentions: readonly Mention[]): void {
    const known = new Set(unseen.value.map(({ noteId }) => noteId))
    if (mentions.some(({ noteId }) => !known.has(noteId))) chime()
    unseen.value = mentions
  }

  function write(written: string): void {
    text.value = written
    if (talk.openId.value) kept.keepNote(talk.openId.value, written)
    if (written !== '') talk.tellTyping('note')
  }

  async function learnTeam(): Promise<void> {
    if (line.value === 'up') team.value = (await ask('team:list', {}).catch(() => ({ team: team.value }))).team
  }

  return {
    ...{ list, unseen, team, text, underWay, write, learnTeam },

    async send(): Promise<void> {
      const id = talk.openId.value
      const words = text.value.trim()
      if (!id || words === '' || underWay.value) return
      underWay.value = true
      try {
        const mentions = mentionedIn(words, team.value).map(({ staffId }) => staffId)
        const note = await ask('note:write', { conversationId: id, clientId, text: words, mentions })
        kept.keepNote(id, '')
        if (talk.openId.value !== id) return
        take(note)
        text.value = ''
        clientId = newClientId()
      } catch (error) {
        tell(error)
      } finally {
        underWay.value = false
      }
    },

    async see({ noteId }: Mention): Promise<void> {
      unseen.value = unseen.value.filter((one) => one.noteId !== noteId)
      await ask('mention:seen', { noteId }).catch(tell)
    },
  }
}

/** Files in conversations, put together: what draws and decodes them, where they are kept, their doors. */
import type { Server } from 'socket.io'
import { attachments, type Attachments, type Tools } from '../desk/attachments.ts'
import { carriedIn } from '../wechat/carried-files.ts'
import type { Config } from './config.ts'
import type { conversations } from './conversations.ts'
import type { Db } from './db/database.ts'
import { fileGrants } from './file-grants.ts'
import { attachmentsRoutes } from './http/attachments.routes.ts'
import type { Doors } from './http/doors.ts'
import type { KeyRing } from './key-ring.ts'
import { writtenDown } from './live/voice-recognition.ts'
import type { Pictures } from './media/pictures.ts'
import { alawWav, sounds } from './media/sounds.ts'
import type { VisitorTokens } from './visitor-token.ts'

type Parts = {
  io: Server
  db: Db
  doors: Doors
  keys: KeyRing
  config: Config
  tokens: VisitorTokens
  talks: Awaited<ReturnType<typeof conversations>>
  drawn: Pictures
  now: () => Date
}

/** What a channel does with a file that came in. */
export type Files = Pick<Attachments, 'keep'> & {
  /** @param alaw of a voice @returns nothing where nobody here understands it */
  writeDown(alaw: Buffer): Promise<string | undefined>
  /** As it goes out. @returns nothing once it has been taken out */
  read(fileId: string): Promise<{ name: string; type: string; content: Buffer } | undefined>
}

export function attaching({ io, db, doors, keys, config, tokens, talks, drawn, now }: Parts): Files {
  const heard = sounds({ ffmpeg: config.FFMPEG })
  const tools: Tools = {
    redraw: (file) => drawn.redraw(file),
    sound: (file) => heard.alawOf(file),
    wav: alawWav,
  }
  const files = attachments({ db, sealer: keys, tools })
  const { arrivals, lines, seat } = talks
  attachmentsRoutes(doors, {
    ...{ db, keys, tokens, files, grants: fileGrants(keys), arrivals, lines, seat, now },
    carriedIn: (conversationId) => carriedIn(db, conversationId),
  })
  return {
    keep: (sent, file, allowed, at) => files.keep(sent, file, allowed, at),
    writeDown: (alaw) => writtenDown(io, alaw),
    async read(fileId) {
      const file = await files.find(fileId)
      const content = file && (await files.content(fileId, 'whole'))
      return file && content && { name: file.name, type: file.type, content }
    },
  }
}

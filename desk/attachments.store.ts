/** Files of conversations, sealed, in PostgreSQL. A row is never changed, only taken out. */
import type { Attachment, AttachmentKind } from '../contract/attachment.ts'
import type { FileType } from './attachment.ts'
import type { Db, DeskTables } from './tables.ts'

export type ByteSealer = { sealBytes(plain: Buffer): Buffer; openBytes(sealed: Buffer): Buffer }

export type NewFile = {
  conversationId: string
  clientId: string
  sentBy: 'customer' | 'agent'
  kind: AttachmentKind
  type: FileType
  name: string
  content: Buffer
  /** Of a picture. */
  picture?: { width: number; height: number; small: Buffer }
}
export type KnownFile = {
  conversationId: string
  kind: AttachmentKind
  type: FileType
  name: string
  keptAt: Date
}

const seen = ['id', 'kind', 'type', 'name', 'bytes', 'width', 'height'] as const

export function attachmentsStore(db: Db, sealer: ByteSealer) {
  const d = db.withTables<DeskTables>()
  return {
    /** The same client id twice is the same file: the first counts. */
    async keep(file: NewFile, now: Date): Promise<Attachment> {
      const { conversationId: conversation_id, clientId: client_id, sentBy: sent_by, kind, type, name } = file
      const { content, picture } = file
      const row = await d
        .insertInto('attachment')
        .values({
          ...{ conversation_id, client_id, sent_by, kind, type, name, bytes: content.length, kept_at: now },
          content_sealed: sealer.sealBytes(content),
          width: picture?.width ?? null,
          height: picture?.height ?? null,
          small_sealed: picture ? sealer.sealBytes(picture.small) : null,
        })
        .onConflict((known) => known.columns(['conversation_id', 'client_id']).doNothing())
        .returning(seen)
        .executeTakeFirst()
      return fromRow(row ?? (await this.ofTurn(conversation_id, client_id)))
    },

    ofTurn(conversationId: string, clientId: string) {
      return d
        .selectFrom('attachment')
        .select(seen)
        .where('conversation_id', '=', conversationId)
        .where('client_id', '=', clientId)
        .executeTakeFirstOrThrow()
    },

    async find(id: string): Promise<KnownFile | undefined> {
      const row = await d
        .selectFrom('attachment')
        .select(['conversation_id', 'kind', 'type', 'name', 'kept_at'])
        .where('id', '=', id)
        .executeTakeFirst()
      if (!row) return undefined
      const { conversation_id: conversationId, kind, type, name, kept_at: keptAt } = row
      return { conversationId, kind, type, name, keptAt }
    },

    /** @param size `small` is what there is of a picture alone */
    async content(id: string, size: 'small' | 'whole'): Promise<Buffer | undefined> {
      const row = d.selectFrom('attachment').where('id', '=', id)
      const found =
        size === 'small'
          ? await row.select('small_sealed as sealed').executeTakeFirst()
          : await row.select('content_sealed as sealed').executeTakeFirst()
      return found?.sealed ? sealer.openBytes(found.sealed) : undefined
    },

    async heldBy(conversationId: string): Promise<{ files: number; bytes: number }> {
      const { files, bytes } = await d
        .selectFrom('attachment')
        .select((e) => [e.fn.countAll<number>().as('files'), e.fn.sum<number | null>('bytes').as('bytes')])
        .where('conversation_id', '=', conversationId)
        .executeTakeFirstOrThrow()
      return { files, bytes: bytes ?? 0 }
    },
  }
}

/** Which of them are still there. */
export async function filesThere(db: Db, ids: readonly string[]): Promise<Set<string>> {
  if (ids.length === 0) return new Set()
  const rows = await db.withTables<DeskTables>().selectFrom('attachment').select('id').where('id', 'in', ids).execute()
  return new Set(rows.map(({ id }) => id))
}

type Row = {
  id: string
  kind: AttachmentKind
  type: FileType
  name: string
  bytes: number
  width: number | null
  height: number | null
}
const playable: readonly FileType[] = ['audio/wav', 'video/mp4']

function fromRow({ id, kind, type, name, bytes, width, height }: Row): Attachment {
  return {
    ...{ id, kind, name, bytes, state: 'kept' },
    ...(width && height && { width, height }),
    ...(playable.includes(type) && { isPlayable: true }),
  }
}

/** One file: what it is called and how large it is. What a colleague sent can be saved. */
import { useState } from 'preact/hooks'
import type { Attachment } from '../../contract/attachment.ts'
import type { Files, Upload } from '../files.ts'
import { wording } from '../wording.ts'
import { Icon } from './icons.tsx'

const words = wording.files

export function FileChip({ file, files }: { file: Attachment; files?: Files }) {
  const [notice, setNotice] = useState('')
  const save = async () => setNotice((await files?.save(file)) ?? '')
  return (
    <div class="file">
      <Icon of={file.kind === 'image' ? 'picture' : 'clip'} />
      <span class="name">{file.name}</span>
      <span class="quiet">{words.size(file.bytes)}</span>
      {files && (
        <button type="button" onClick={() => void save()}>
          {words.save}
        </button>
      )}
      {notice && (
        <p class="quiet" role="alert">
          {notice}
        </p>
      )}
    </div>
  )
}

/** What is on its way, above where the citizen writes. */
export function UploadStrip({ uploads, onDiscard }: { uploads: readonly Upload[]; onDiscard: (id: string) => void }) {
  return (
    <ul class="uploads">
      {uploads.map(({ clientId, name, share, refusal }) => (
        <li key={clientId} class="strip">
          <span class="name">{name}</span>
          {refusal === undefined ? (
            <progress max={100} value={Math.round(share * 100)} aria-label={words.sending(name)} />
          ) : (
            <>
              <p class="failed" role="alert">
                <Icon of="warning" />
                {refusal}
              </p>
              <button type="button" onClick={() => onDiscard(clientId)}>
                {words.discard}
              </button>
            </>
          )}
        </li>
      ))}
    </ul>
  )
}

/** On with it in WeChat: a code that is scanned once. What was said here is joined there only after they agreed. */
import { useEffect, useState } from 'preact/hooks'
import type { VisitorDoor } from '../visitor.ts'
import { wording } from '../wording.ts'
import { Sheet } from './sheet.tsx'

const words = wording.wechat

export function WechatSheet({ visitor, onBack }: { visitor: VisitorDoor; onBack: () => void }) {
  const [svg, setSvg] = useState<string>()
  const [hasFailed, setFailed] = useState(false)

  async function load() {
    setFailed(false)
    setSvg(undefined)
    try {
      setSvg(await visitor.wechatCode())
    } catch {
      setFailed(true)
    }
  }
  useEffect(() => void load(), [])

  return (
    <Sheet title={words.title} onBack={onBack}>
      <p>{words.lead}</p>
      {svg && (
        <img
          class="code"
          src={`data:image/svg+xml;utf8,${encodeURIComponent(svg)}`}
          alt={words.picture}
          width="220"
          height="220"
        />
      )}
      <p role="status">{hasFailed ? words.failed : svg ? words.once : wording.form.working}</p>
      <button type="button" onClick={() => void load()}>
        {words.again}
      </button>
    </Sheet>
  )
}

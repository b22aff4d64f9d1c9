/** The panel as a whole: header, thread or a form in its place, and where to write. */
import { useEffect, useState } from 'preact/hooks'
import { quietRatings, type Conversation } from '../conversation.ts'
import { visitorFiles, type Upload } from '../files.ts'
import type { Kept } from '../kept.ts'
import { ownRecords } from '../own-records.ts'
import { wordsFor } from '../problems.ts'
import type { Session } from '../session.ts'
import type { VisitorDoor } from '../visitor.ts'
import { wording } from '../wording.ts'
import { CallbackSheet } from './callback-sheet.tsx'
import { ComplaintSheet } from './complaint-sheet.tsx'
import { Composer } from './composer.tsx'
import { ConfirmSheet } from './confirm-sheet.tsx'
import { EarlierSheet } from './earlier-sheet.tsx'
import { UploadStrip } from './file-chip.tsx'
import { Header } from './header.tsx'
import type { MenuItem } from './menu.tsx'
import { QueueStrip } from './queue-strip.tsx'
import { scopeOf, ScopeSheet } from './scope-sheet.tsx'
import { Thread } from './thread.tsx'
import { Toolbar } from './toolbar.tsx'
import { WechatSheet } from './wechat-sheet.tsx'

type Form = 'complaint' | 'callback' | 'earlier' | 'end' | 'copy' | 'erase' | 'forget' | 'scope' | 'wechat'
type Props = {
  session: Session
  visitor: VisitorDoor
  kept: Kept
  /** Absent where the panel is a page of its own. */
  close?: () => void
  onSize: (px: number | undefined) => void
  onShow: (listener: (now: Conversation) => void) => void
}

const noticeMs = 10_000

export function App({ session, visitor, kept, close, onSize, onShow }: Props) {
  const [c, setConversation] = useState(() => session.conversation())
  const [settings, setSettings] = useState(() => visitor.lastSettings())
  const [hasFailed, setFailed] = useState(false)
  const [form, setForm] = useState<Form>()
  const [notice, setNotice] = useState('')
  const [wasUp, setWasUp] = useState(false)
  const [uploads, setUploads] = useState<readonly Upload[]>([])
  const [files] = useState(() => visitorFiles({ kept, onChange: setUploads }))

  useEffect(() => {
    onShow((now) => {
      setConversation(now)
      if (now.online) setWasUp(true)
    })
    void loadSettings()
  }, [])
  useEffect(() => {
    const keyed = (press: KeyboardEvent) => {
      if (press.key !== 'Escape' || press.isComposing) return
      if (form) setForm(undefined)
      else close?.()
    }
    document.addEventListener('keydown', keyed)
    return () => document.removeEventListener('keydown', keyed)
  }, [form])
  useEffect(() => {
    const fades = setTimeout(() => setNotice(''), noticeMs)
    return () => clearTimeout(fades)
  }, [notice])

  async function loadSettings() {
    setFailed(false)
    try {
      setSettings(await visitor.settings())
    } catch {
      setFailed(true)
    }
  }
  async function askPerson() {
    setForm(undefined)
    const words = wording.queue
    if (c.state === 'agent') return setNotice(words.already)
    if (c.state === 'waiting') return setNotice(words.alreadyWaiting)
    const reply = await session.askPerson()
    setNotice(reply.ok ? '' : wordsFor(reply))
  }
  async function leaveQueue() {
    const reply = await session.leaveQueue()
    setNotice(reply.ok ? wording.queue.left : wordsFor(reply))
  }

  const records = ownRecords(kept)
  async function copyRecords() {
    const reply = await records.copy()
    setNotice(reply.ok ? wording.records.copied : reply.code === 'not_found' ? wording.records.none : '')
    return reply.ok || reply.code === 'not_found' ? undefined : reply
  }
  async function eraseRecords() {
    const reply = await records.erase()
    if (!reply.ok && reply.code !== 'not_found') return reply
    const told = wording.records
    if (reply.ok) {
      const { held, isWaiting } = reply.value
      setNotice((isWaiting ? told.erasing : told.erased) + (held.length > 0 ? told.held(held.join('、')) : ''))
    } else setNotice(told.none)
    return forget(session)
  }

  const menu: MenuItem[] = [
    { label: wording.menu.complaint, icon: 'flag', act: () => setForm('complaint') },
    { label: wording.menu.callback, icon: 'phone', act: () => setForm('callback') },
    ...(settings?.wechat
      ? [{ label: wording.menu.wechat, icon: 'chat', act: () => setForm('wechat') } satisfies MenuItem]
      : []),
    ...(quietRatings(c).some((card) => !card.outcome)
      ? [{ label: wording.menu.earlier, icon: 'star', act: () => setForm('earlier') } satisfies MenuItem]
      : []),
    ...(c.turns.length > 0 && c.state !== 'closed'
      ? [{ label: wording.menu.end, icon: 'door', act: () => setForm('end') } satisfies MenuItem]
      : []),
    { label: wording.menu.copy, icon: 'save', act: () => setForm('copy') },
    { label: wording.menu.erase, icon: 'trash', act: () => setForm('erase') },
    { label: wording.menu.forget, icon: 'trash', act: () => setForm('forget') },
  ]
  const back = () => {
    setForm(undefined)
    setTimeout(() => document.getElementById('write')?.focus())
  }

  return (
    <div class="panel">
      <div class="top">
        <Header
          bureau={settings?.bureau ?? wording.header.fallbackName}
          conversation={c}
          menu={menu}
          onPerson={() => void askPerson()}
          onClose={close}
        />
        <Toolbar
          cities={settings?.cities ?? []}
          city={c.region ?? kept.city() ?? settings?.city}
          scope={scopeOf(c, settings?.cities ?? [])}
          onScope={() => setForm('scope')}
          kept={kept}
          onSize={onSize}
          onCity={(code) => session.chooseRegion(code)}
        />
      </div>
      {c.state === 'waiting' && <QueueStrip place={c.place} onLeave={() => void leaveQueue()} />}
      {!c.online && (
        <p class="strip offline" role="status">
          {wasUp || c.outgoing.length > 0 ? wording.link.offline : wording.link.connecting}
        </p>
      )}
      {settings && !form && (
        <Thread
          conversation={c}
          settings={settings}
          session={session}
          files={files}
          onPerson={() => void askPerson()}
        />
      )}
      {!settings && !form && (
        <main class="thread waiting">
          <p role="status">{hasFailed ? wording.link.settingsFailed : wording.link.connecting}</p>
          {hasFailed && (
            <button type="button" class="main" onClick={() => void loadSettings()}>
              {wording.link.again}
            </button>
          )}
        </main>
      )}
      {form === 'complaint' && <ComplaintSheet session={session} onBack={back} />}
      {form === 'callback' && <CallbackSheet session={session} onBack={back} />}
      {form === 'wechat' && <WechatSheet visitor={visitor} onBack={back} />}
      {form === 'earlier' && settings && (
        <EarlierSheet cards={quietRatings(c)} settings={settings} session={session} onBack={back} />
      )}
      {form === 'scope' && settings && (
        <ScopeSheet conversation={c} cities={settings.cities} session={session} onBack={back} />
      )}
      {form === 'end' && <ConfirmSheet words={wording.end} act={session.end} onBack={back} />}
      {form === 'copy' && <ConfirmSheet words={wording.copy} act={copyRecords} onBack={back} />}
      {form === 'erase' && <ConfirmSheet words={wording.erase} act={eraseRecords} onBack={back} />}
      {form === 'forget' && <ConfirmSheet words={wording.forget} act={() => forget(session)} onBack={back} />}
      {!form && (
        <>
          <p class={notice ? 'strip notice' : 'strip notice empty'} role="status">
            {notice}
          </p>
          {uploads.length > 0 && <UploadStrip uploads={uploads} onDiscard={(id) => files.discard(id)} />}
          <Composer
            state={c.state}
            onFile={c.state === 'agent' || c.state === 'waiting' ? (file) => files.send(file) : undefined}
            awaitsNumber={c.state === 'bot' && c.turns.at(-1)?.expects === 'number'}
            firstDraft={kept.draft()}
            onDraft={kept.keepDraft}
            onSay={(text) => {
              setNotice('')
              session.say(text)
            }}
          />
        </>
      )}
    </div>
  )
}

function forget(session: Session): Promise<undefined> {
  void session.forget()
  return Promise.resolve(undefined)
}

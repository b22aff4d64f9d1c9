/**
 * What a citizen may ask about their own data: a copy of all of it, or that what they said is taken out. Whoever asks has
 * shown a pass, or a colleague has verified the number and says how. Cases stay as long as the law wants complaints kept,
 * and the citizen is told which.
 *
 * Invariant: a pass is void from the moment erasing was asked for, whether it can be done at once or has to wait for a
 * conversation that is still going on.
 */
import { Problem } from '../contract/problem.ts'
import type { DataFound, DataProof, ErasedView } from '../contract/security.ts'
import type { ByteSealer } from './attachments.store.ts'
import { auditStore } from './audit.store.ts'
import { dataSubjectStore } from './data-subject.store.ts'
import { erasingStore } from './data-subject-erasing.store.ts'
import { maskPhone } from './masking.ts'
import { outboxNumbersStore } from './outbox-numbers.store.ts'
import { recipientHash, recipientHashes } from './outbox.ts'
import { outboxStore } from './outbox.store.ts'
import { ownRecordsStore, type OwnRecords, type Whose } from './own-records.store.ts'
import type { Sealer } from './sealer.ts'
import type { Db } from './tables.ts'

/** Who asks: by the pass that only they hold, or by a number that a colleague has verified. */
export type Subject =
  | { proof: 'pass'; lookupHash: Buffer }
  | { proof: Exclude<DataProof, 'pass'>; phone: string; lookupHash: Buffer; note: string; staffId: string }

const atOnce = 20

export function dataSubject(db: Db, sealer: Sealer & Pick<ByteSealer, 'openBytes'>) {
  const store = dataSubjectStore(db, sealer)

  /** @throws Problem not_found when the pass is void. */
  async function whoseOf(subject: Subject): Promise<Whose> {
    return {
      contacts: await contactsOf(subject),
      cases: subject.proof === 'pass' ? [] : await store.casesWithNumber(subject.phone),
      // A number that somebody only wrote down may be a stranger's: what was sent there is shown to whoever proved it.
      recipients: subject.proof === 'pass' ? [] : recipientHashes(sealer, 'sms', subject.phone),
    }
  }

  async function contactsOf(subject: Subject): Promise<string[]> {
    if (subject.proof === 'pass' && (await store.isWithdrawn(subject.lookupHash)))
      throw new Problem('not_found', 'the pass is void')
    const own = await store.contactOf(subject.proof === 'pass' ? 'visitor' : 'phone', subject.lookupHash)
    const byNumber = subject.proof === 'pass' ? [] : await store.contactsWithNumber(subject.phone)
    const theirs = [...new Set([...(own ? [own] : []), ...byNumber])]
    // A pass shows whose browser it is; who else they are was found by a colleague, for whom a number is shown.
    return subject.proof === 'pass' ? theirs : store.samePeople(theirs)
  }

  const whoOf = (subject: Subject) => (subject.proof === 'pass' ? '网页访客' : maskPhone(subject.phone))
  const noteOf = (subject: Subject) =>
    subject.proof === 'pass' ? {} : { note: subject.note, staffId: subject.staffId }

  return {
    /** @throws Problem not_found */
    async copy(subject: Subject, now: Date): Promise<OwnRecords> {
      const whose = await whoseOf(subject)
      const found = await store.found(whose)
      if (isNobody(whose, found)) throw new Problem('not_found', 'nothing is kept of them')
      const records = await ownRecordsStore(db, sealer).records(whose)
      await db.transaction().execute(async (tx) => {
        const asked = { kind: 'copy', proof: subject.proof, who: whoOf(subject), ...noteOf(subject) } as const
        const id = await dataSubjectStore(tx, sealer).ask({ ...asked, contacts: [], found }, 'done', now)
        const detail = { proof: subject.proof, ...found }
        await auditStore(tx).record({ ...noteOf(subject), act: 'data.copy', subject: id, detail }, now)
      })
      return records
    },

    /**
     * @param endOpen ends a conversation with the bot, or one that waits; the ones that an agent has are let finish.
     * @throws Problem not_found
     */
    async erase(subject: Subject, endOpen: (id: string) => Promise<void>, now: Date): Promise<ErasedView> {
      const whose = await whoseOf(subject)
      const { contacts } = whose
      if (subject.proof !== 'pass' && isNobody(whose, await store.found(whose)))
        throw new Problem('not_found', 'nothing is kept of them')
      for (const { id, state } of await store.conversationsOf(contacts))
        if (state === 'bot' || state === 'waiting') await endOpen(id)
      return db.transaction().execute(async (tx) => {
        const inTx = dataSubjectStore(tx, sealer)
        const erasing = erasingStore(tx, sealer)
        const [found, held] = [await inTx.found(whose), await inTx.casesOf(whose)]
        const conversations = await inTx.conversationsOf(contacts)
        const state = conversations.every((one) => one.state === 'closed') ? 'done' : 'waiting'
        if (subject.proof === 'pass') await erasing.withdrawPass(subject.lookupHash, now)
        await erasing.identities(contacts, now)
        const left = (await outboxNumbersStore(tx, sealer).of(contacts)).map((number) => recipientHash(sealer, number))
        await outboxStore(tx, sealer).forgetRecipients([...whose.recipients, ...left])
        if (state === 'done')
          await erasing.conversations(
            conversations.map(({ id }) => id),
            now,
          )
        const asked = { kind: 'erase', proof: subject.proof, who: whoOf(subject), ...noteOf(subject) } as const
        const id = await inTx.ask({ ...asked, contacts, found }, state, now)
        const detail = { proof: subject.proof, state, held, ...found }
        await auditStore(tx).record({ ...noteOf(subject), act: 'data.erase', subject: id, detail }, now)
        return { state, found, held }
      })
    },

    /** What had to wait for a conversation is done once that has ended. @returns how many were. */
    async finishWaiting(now: Date): Promise<number> {
      let done = 0
      for (const { id, contacts } of await store.waiting(atOnce)) {
        const conversations = await store.conversationsOf(contacts)
        if (conversations.some((one) => one.state !== 'closed')) continue
        await db.transaction().execute(async (tx) => {
          if (!(await dataSubjectStore(tx, sealer).done(id, now))) return
          const ids = conversations.map((one) => one.id)
          await erasingStore(tx, sealer).conversations(ids, now)
          await auditStore(tx).record({ act: 'data.erased', subject: id, detail: { conversations: ids.length } }, now)
          done++
        })
      }
      return done
    },

    isWithdrawn: (lookupHash: Buffer) => store.isWithdrawn(lookupHash),
    list: (limit: number, offset: number) => store.list(limit, offset),
  }
}

/** Of whoever has a pass or rang there is a contact at least. */
const isNobody = ({ contacts }: Whose, { cases, messages }: DataFound) => contacts.length + cases + messages === 0

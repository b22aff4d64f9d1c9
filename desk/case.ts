/**
 * 整改: the states of a case and every legal way between them, in one table.
 *
 * A case is closed only after a remedy with its evidence was reported back and followed up, by us or by the
 * citizen's own rating of the fix. Excluded and returned are final; closed is, for everybody but the citizen, who opens
 * it again by a bad rating of the fix. desk/cases.ts turns steps into rows.
 */
import { caseStates, isFinal, type CaseKind, type CaseMove, type CaseSource, type CaseState } from '../contract/case.ts'
import { Problem, type FaultyField } from '../contract/problem.ts'
import { isBad, levelNames, type Level } from '../contract/rating.ts'
import type { Role } from '../contract/staff.ts'
import type { CaseEventData } from './case-tables.ts'

export type CaseFacts = { kind: CaseKind; state: CaseState; source?: CaseSource }

/** What happened to a case, once; `reopened` also counts and sets a new deadline. */
export type CaseStep = {
  kind: 'moved' | 'reopened' | 're-rated'
  by: 'officer' | 'citizen' | 'system'
  from: CaseState
  to: CaseState
  note: string
  data: CaseEventData
}

/** Supervisors and administrators own cases where nobody else is, so they work them and may appeal as an officer does. */
export const handlers: readonly Role[] = ['officer', 'supervisor', 'administrator']
const judges: readonly Role[] = ['supervisor']

const legal: Record<CaseState, Partial<Record<CaseState, readonly Role[]>>> = {
  to_verify: { contacted: handlers, appeal: handlers, returned: handlers },
  contacted: { rectifying: handlers, appeal: handlers, returned: handlers },
  rectifying: { to_review: handlers, appeal: handlers },
  to_review: { reported_back: handlers, rectifying: handlers, appeal: handlers },
  reported_back: { followed_up: handlers, appeal: handlers },
  followed_up: { closed: handlers, appeal: handlers },
  appeal: { excluded: judges, to_verify: judges },
  closed: {},
  excluded: {},
  returned: {},
}

/** What a move must bring, and how its absence is told to the officer. */
const needs: Partial<Record<CaseState, { field: 'remedy' | 'evidence' | 'followUp'; told: string }[]>> = {
  to_review: [
    { field: 'remedy', told: '请写明整改措施' },
    { field: 'evidence', told: '请写明整改凭据' },
  ],
  followed_up: [{ field: 'followUp', told: '请选择回访结果' }],
}

/** Where somebody with these roles may move it. Only a rating can be appealed, only 12345's order goes back to 12345. */
export function legalMoves(file: CaseFacts, roles: readonly Role[]): CaseState[] {
  return caseStates.filter((to) => {
    if (to === 'appeal' && file.kind !== 'bad_rating') return false
    if (to === 'returned' && file.source !== '12345') return false
    return legal[file.state][to]?.some((role) => roles.includes(role)) ?? false
  })
}

/** Whoever owns a case, appealed, or was rated does not judge its appeal. */
export function mayJudge(
  parties: { ownerId: string; appellantId?: string; ratedStaffId?: string },
  staffId: string,
): boolean {
  return ![parties.ownerId, parties.appellantId, parties.ratedStaffId].includes(staffId)
}

/**
 * One move by an officer. A follow-up that finds the citizen dissatisfied reopens the case instead.
 *
 * @throws Problem illegal_move; invalid_input naming each missing field.
 */
export function moveCase(file: CaseFacts, move: CaseMove, roles: readonly Role[]): CaseStep {
  if (!legalMoves(file, roles).includes(move.to))
    throw new Problem('illegal_move', `${file.kind} case from ${file.state} to ${move.to} by ${roles.join('+')}`)
  const missing = (needs[move.to] ?? [])
    .filter(({ field }) => !move[field])
    .map(({ field, told }): FaultyField => ({ path: field, message: told }))
  if (missing.length > 0)
    throw new Problem('invalid_input', `${move.to} lacks ${missing.map(({ path }) => path).join(', ')}`, {
      fields: missing,
    })

  const { to, note, remedy, evidence, followUp, ground } = move
  const reopens = to === 'followed_up' && followUp === 'dissatisfied'
  return {
    kind: reopens ? 'reopened' : 'moved',
    by: 'officer',
    from: file.state,
    to: reopens ? 'rectifying' : to,
    note,
    data: { remedy, evidence, followUp, ground },
  }
}

/**
 * The citizen rates the fix. Content: that is the follow-up, and the case closes. Still discontent: it reopens, also
 * where somebody closed it before the citizen was heard. Elsewhere a rating is kept in the history and moves nothing.
 */
export function reRateCase(file: CaseFacts, level: Level, words?: string): CaseStep[] {
  const { state } = file
  const rated = {
    by: 'citizen',
    from: state,
    note: `市民评价整改结果：${levelNames[level]}${words ? `。${words}` : ''}`,
    data: { level },
  } as const
  const isToldOf = state === 'reported_back' || state === 'followed_up'
  if (isBad(level) && (isToldOf || state === 'closed')) return [{ ...rated, kind: 'reopened', to: 'rectifying' }]
  if (!isToldOf) return [{ ...rated, kind: 're-rated', to: state }]
  return [
    { ...rated, kind: 're-rated', to: 'followed_up' },
    { kind: 'moved', by: 'system', from: 'followed_up', to: 'closed', note: '市民已确认整改结果', data: {} },
  ]
}

/** 12345 takes its order back, however far we are; undefined where it is over. */
export function withdrawCase(file: CaseFacts, note: string): CaseStep | undefined {
  if (isFinal(file.state)) return undefined
  return { kind: 'moved', by: 'system', from: file.state, to: 'returned', note, data: {} }
}

/** Past its deadline, or past the day by which the citizen had to be contacted. Days as 'YYYY-MM-DD'. */
export function isOverdue(
  file: { state: CaseState; firstContactDueOn: string; dueOn: string },
  today: string,
): boolean {
  if (isFinal(file.state)) return false
  return file.dueOn < today || (file.state === 'to_verify' && file.firstContactDueOn < today)
}

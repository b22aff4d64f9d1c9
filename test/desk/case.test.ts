import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { caseStates, followUpResults, isFinal, type CaseMove, type CaseState } from '../../contract/case.ts'
import { Problem } from '../../contract/problem.ts'
import { levelNames, type Level } from '../../contract/rating.ts'
import { roles, type Role } from '../../contract/staff.ts'
import { isOverdue, legalMoves, mayJudge, moveCase, reRateCase, withdrawCase, type CaseStep } from '../../desk/case.ts'

const badRating = (state: CaseState) => ({ kind: 'bad_rating' as const, state })
const complaint = (state: CaseState) => ({ kind: 'complaint' as const, state })
const fix = { note: '已整改', remedy: '已更正答复', evidence: '台账第 12 号' }

describe('the way of a case', () => {
  it('goes from verifying to closed in six moves of an officer', () => {
    const moves: CaseMove[] = [
      { to: 'contacted', note: '已电话联系' },
      { to: 'rectifying', note: '转业务科' },
      { to: 'to_review', ...fix },
      { to: 'reported_back', note: '同意' },
      { to: 'followed_up', note: '已回访', followUp: 'satisfied' },
      { to: 'closed', note: '办结' },
    ]
    let file = complaint('to_verify')
    for (const move of moves) file = complaint(moveCase(file, move, ['officer']).to)
    expect(file.state).toBe('closed')
  })

  it.each([
    ['to_verify', ['contacted', 'appeal']],
    ['contacted', ['rectifying', 'appeal']],
    ['rectifying', ['to_review', 'appeal']],
    ['to_review', ['rectifying', 'reported_back', 'appeal']],
    ['reported_back', ['followed_up', 'appeal']],
    ['followed_up', ['closed', 'appeal']],
    ['appeal', []],
    ['closed', []],
    ['excluded', []],
    ['returned', []],
  ] as const)('offers an officer, for a bad rating %s, the moves %j', (state, moves) => {
    expect(legalMoves(badRating(state), ['officer'])).toEqual(moves)
  })

  it('knows no appeal against a complaint', () => {
    expect(legalMoves(complaint('contacted'), ['officer'])).toEqual(['rectifying'])
  })

  it('lets an order of 12345 go back, before anything was done, and nothing else', () => {
    const order = { kind: 'consultation', source: '12345' } as const
    expect(legalMoves({ ...order, state: 'to_verify' }, ['officer'])).toEqual(['contacted', 'returned'])
    expect(legalMoves({ ...order, state: 'contacted' }, ['officer'])).toEqual(['rectifying', 'returned'])
    expect(legalMoves({ ...order, state: 'rectifying' }, ['officer'])).toEqual(['to_review'])
    expect(legalMoves({ ...order, source: 'own', state: 'contacted' }, ['officer'])).toEqual(['rectifying'])
  })

  it('leaves the judging of an appeal to a supervisor', () => {
    expect(legalMoves(badRating('appeal'), ['officer', 'administrator'])).toEqual([])
    expect(legalMoves(badRating('appeal'), ['supervisor'])).toEqual(['to_verify', 'excluded'])
  })

  it('lets whoever works a case appeal, and neither its owner nor who appealed nor who was rated judge', () => {
    for (const role of ['officer', 'supervisor', 'administrator'] as const)
      expect(legalMoves(badRating('contacted'), [role])).toContain('appeal')
    const parties = { ownerId: 'owner', appellantId: 'appellant', ratedStaffId: 'rated' }
    for (const id of ['owner', 'appellant', 'rated']) expect(mayJudge(parties, id)).toBe(false)
    expect(mayJudge(parties, 'somebody')).toBe(true)
  })

  it('ends when 12345 withdraws its order, wherever it is, and stays what it is when it is over', () => {
    for (const state of caseStates) {
      const step = withdrawCase({ kind: 'consultation', source: '12345', state }, '12345 撤回工单')
      expect(step?.to).toBe(isFinal(state) ? undefined : 'returned')
    }
  })

  it('offers nothing to somebody who does not handle cases', () => {
    for (const state of caseStates)
      expect(legalMoves(badRating(state), ['agent', 'editor', 'reviewer', 'auditor'])).toEqual([])
  })

  it('refuses an illegal move by name', () => {
    expect(problemOf(() => moveCase(complaint('to_verify'), { to: 'closed', note: '算了' }, ['officer'])).code).toBe(
      'illegal_move',
    )
  })

  it.each([
    ['rectifying', { to: 'to_review', note: '好了' }, ['remedy', 'evidence']],
    ['rectifying', { to: 'to_review', note: '好了', remedy: '已更正' }, ['evidence']],
    ['reported_back', { to: 'followed_up', note: '打过电话' }, ['followUp']],
  ] as const)('asks, from %s, for what %j lacks: %j', (state, move, missing) => {
    const problem = problemOf(() => moveCase(complaint(state), move, ['officer']))
    expect(problem.code).toBe('invalid_input')
    expect(problem.fields.map(({ path }) => path)).toEqual(missing)
    expect(problem.fields.every(({ message }) => /\p{Script=Han}/u.test(message))).toBe(true)
  })

  it('reopens when the follow-up finds the citizen dissatisfied', () => {
    const move: CaseMove = { to: 'followed_up', note: '仍不满意', followUp: 'dissatisfied' }
    expect(moveCase(complaint('reported_back'), move, ['officer'])).toMatchObject({
      kind: 'reopened',
      from: 'reported_back',
      to: 'rectifying',
      data: { followUp: 'dissatisfied' },
    })
  })
})

describe('the rating of the fix', () => {
  it.each(['reported_back', 'followed_up'] as const)(
    'closes a case that is %s when the citizen is content',
    (state) => {
      for (const level of [3, 4, 5] as const) {
        const steps = reRateCase(complaint(state), level)
        expect(steps.map(({ from, to, by }) => [from, to, by])).toEqual([
          [state, 'followed_up', 'citizen'],
          ['followed_up', 'closed', 'system'],
        ])
      }
    },
  )

  it.each(['reported_back', 'followed_up', 'closed'] as const)(
    'reopens a case that is %s when the citizen is not, whatever an officer noted before',
    (state) => {
      const reopened = { kind: 'reopened', by: 'citizen', from: state, to: 'rectifying' }
      for (const level of [1, 2] as const) expect(reRateCase(complaint(state), level)).toMatchObject([reopened])
    },
  )

  it('is kept and moves nothing anywhere else', () => {
    const isHeard = (state: CaseState) => ['reported_back', 'followed_up', 'closed'].includes(state)
    for (const state of caseStates.filter((state) => !isHeard(state)))
      expect(reRateCase(badRating(state), 1)).toMatchObject([{ kind: 're-rated', from: state, to: state }])
    expect(reRateCase(badRating('closed'), 4)).toMatchObject([{ kind: 're-rated', from: 'closed', to: 'closed' }])
  })
})

describe('deadlines', () => {
  const file = { firstContactDueOn: '2026-11-23', dueOn: '2026-11-27' }
  it('are missed the day after, for the first contact only while nobody was contacted', () => {
    expect(isOverdue({ ...file, state: 'to_verify' }, '2026-11-23')).toBe(false)
    expect(isOverdue({ ...file, state: 'to_verify' }, '2026-11-24')).toBe(true)
    expect(isOverdue({ ...file, state: 'contacted' }, '2026-11-27')).toBe(false)
    expect(isOverdue({ ...file, state: 'contacted' }, '2026-11-28')).toBe(true)
    expect(isOverdue({ ...file, state: 'closed' }, '2027-01-01')).toBe(false)
  })
})

describe('whatever happens to a case', () => {
  const levels = Object.keys(levelNames).map((level): Level => asLevel(Number(level)))
  const move = fc.record({
    to: fc.constantFrom(...caseStates),
    note: fc.constant('记录'),
    remedy: fc.option(fc.constant('措施'), { nil: undefined }),
    evidence: fc.option(fc.constant('凭据'), { nil: undefined }),
    followUp: fc.option(fc.constantFrom(...followUpResults), { nil: undefined }),
  })
  /** Any event at all, weighted towards the legal ones so that cases really get somewhere. */
  const happenings = fc.array(
    fc.oneof(
      { weight: 1, arbitrary: fc.record({ move, roles: fc.subarray<Role>([...roles]) }) },
      { weight: 4, arbitrary: fc.record({ next: fc.nat(2), move }) },
      { weight: 1, arbitrary: fc.record({ level: fc.constantFrom(...levels) }) },
    ),
    { maxLength: 40 },
  )

  it('is closed only after remedy, evidence, and a follow-up or the yes of the citizen; and only the citizen opens it again', () => {
    let closings = 0
    fc.assert(
      fc.property(fc.constantFrom('bad_rating' as const, 'complaint' as const), happenings, (kind, events) => {
        let state: CaseState = 'to_verify'
        let sinceReopened: CaseStep[] = []
        for (const happening of events) {
          const steps = stepsOf({ kind, state }, happening)
          const isCitizens = steps.every(({ kind, by }) => kind === 'reopened' && by === 'citizen')
          if (isFinal(state) && !(state === 'closed' && isCitizens))
            expect(steps.every(({ to }) => to === state)).toBe(true)
          for (const step of steps) {
            expect(step.from).toBe(state)
            if (step.kind === 'reopened' || step.from === 'appeal') sinceReopened = []
            sinceReopened.push(step)
            if (step.to === 'closed' && state !== 'closed') {
              closings++
              const reviewed = sinceReopened.find(({ to, by }) => to === 'to_review' && by === 'officer')
              expect(reviewed?.data.remedy && reviewed.data.evidence).toBeTruthy()
              const followed = sinceReopened.findLast(({ to }) => to === 'followed_up')
              const officerSaid = followed?.data.followUp
              expect(
                officerSaid === 'satisfied' || officerSaid === 'unreachable' || (followed?.data.level ?? 0) >= 3,
              ).toBe(true)
            }
            state = step.to
          }
        }
      }),
      { numRuns: 3_000 },
    )
    expect(closings).toBeGreaterThan(50)
  })

  type Happening = { move: CaseMove; roles: Role[] } | { next: number; move: Omit<CaseMove, 'to'> } | { level: Level }
  function stepsOf(file: Parameters<typeof moveCase>[0], happening: Happening): CaseStep[] {
    if ('level' in happening) return reRateCase(file, happening.level)
    const acting: readonly Role[] = 'roles' in happening ? happening.roles : ['officer', 'supervisor']
    const legal = legalMoves(file, acting)
    const to = 'next' in happening ? legal[happening.next % Math.max(1, legal.length)] : happening.move.to
    if (!to) return []
    try {
      return [moveCase(file, { ...happening.move, to }, acting)]
    } catch (error) {
      if (error instanceof Problem) return []
      throw error
    }
  }
})

function asLevel(level: number): Level {
  if (level === 1 || level === 2 || level === 3 || level === 4 || level === 5) return level
  throw new Error(`no level ${level}`)
}

function problemOf(act: () => unknown): Problem {
  try {
    act()
  } catch (error) {
    if (error instanceof Problem) return error
  }
  throw new Error('no Problem was thrown')
}

import { describe, expect, it } from 'vitest'
import { calibrationSteps, fewestEntries } from '../../knowledge/calibration.ts'
import { cities } from '../../knowledge/cities.ts'
import { cautious, decide } from '../../knowledge/decision.ts'
import type { PublishedRevision } from '../../knowledge/entries.store.ts'
import { circumstances, rankedHits } from '../../knowledge/ranked.ts'
import { entryIndex } from '../../knowledge/search/entry-index.ts'
import { outOfScope } from '../../knowledge/search/out-of-scope.ts'
import { atOnce } from '../../knowledge/search/steps.ts'
import { normalise } from '../../knowledge/text/normalise.ts'
import { aWording } from '../support/wording.ts'

const on = '2026-11-22'
const matters = [
  '住院报销',
  '门诊报销',
  '异地备案',
  '生育津贴',
  '医保码',
  '个人账户',
  '转移接续',
  '断缴补缴',
  '慢特病',
  '医疗救助',
]
const asked = ['要带什么材料', '去哪个窗口', '多久能办好', '能不能网上弄', '比例是多少', '被退回了怎么申诉']
const dense = matters.flatMap((matter) => asked.map((what) => `${matter}${what}`))

function baseOf(questions: readonly string[]) {
  const revisions = questions.map((question, at): PublishedRevision => {
    const id = `00000000-0000-4000-8000-${String(at).padStart(12, '0')}`
    return { id, entryId: `e-${at}`, example: false, wording: aWording({ question, similar: [] }) }
  })
  return entryIndex(revisions, { cities: cities([]) })
}

describe('thresholds of a base', () => {
  const index = baseOf(dense)
  const { text, voice } = atOnce(calibrationSteps(index, on))

  it('are found for written and spoken questions apart', () => {
    expect(text).not.toEqual(voice)
    for (const { answer, askBack } of [text, voice]) {
      expect(askBack).toBeLessThan(answer)
      expect(answer).toBeLessThan(1)
    }
  })

  it('let no more than one in fifty be answered of what is for others to answer', () => {
    const lines = Object.values(outOfScope).flat()
    const answered = lines.filter((line) => {
      const given = normalise(line)
      return decide(rankedHits(index, given, { on }), circumstances(given, { on }), text).outcome === 'answer'
    })
    expect(answered.length).toBeLessThanOrEqual(lines.length / 50)
  })

  it('are higher where questions are close to each other than where they are not', () => {
    const sparse = Object.values(outOfScope)
      .flat()
      .filter((_, at) => at % 4 === 0)
    expect(sparse.length).toBeGreaterThanOrEqual(fewestEntries)
    expect(text.answer).toBeGreaterThan(atOnce(calibrationSteps(baseOf(sparse), on)).text.answer)
  })

  it('are the cautious ones for a base too small to be tried', () => {
    expect(atOnce(calibrationSteps(baseOf(dense.slice(0, fewestEntries - 1)), on))).toEqual(cautious)
  })
})

it('has some three hundred questions for others to answer, none twice', () => {
  const lines = Object.values(outOfScope).flat()
  expect(lines.length).toBeGreaterThanOrEqual(290)
  expect(new Set(lines.map(normalise)).size).toBe(lines.length)
})

/**
 * A revision's wording as an editor types it: lists are one line each, nothing is absent, everything is a string.
 * toWording(toForm(w)) is w again; empty rows and blanks around words are dropped on the way out.
 */
import type { Guide, Source, Wording } from '../../contract/entry.ts'
import type { Insurance } from '../../contract/text.ts'

export type SourceForm = Record<'title' | 'number' | 'article' | 'date' | 'url', string>
export type WordingForm = {
  question: string
  similar: string
  answer: string
  spoken: string
  conditions: string
  materials: string
  steps: string
  timeLimit: string
  channels: string
  fee: string
  sources: SourceForm[]
  topic: string
  region: string
  insurance: Insurance | ''
  audience: string
  notToConfuse: string
  validFrom: string
  validUntil: string
}

export const emptySource = (): SourceForm => ({ title: '', number: '', article: '', date: '', url: '' })

/** @param today YYYY-MM-DD, from which a new wording is valid unless the editor says otherwise. */
export function newForm(today: string): WordingForm {
  return {
    question: '',
    similar: '',
    answer: '',
    spoken: '',
    conditions: '',
    materials: '',
    steps: '',
    timeLimit: '',
    channels: '',
    fee: '',
    sources: [emptySource()],
    topic: '',
    region: '',
    insurance: '',
    audience: '',
    notToConfuse: '',
    validFrom: today,
    validUntil: '',
  }
}

export function toForm(wording: Wording): WordingForm {
  const guide = wording.guide ?? {}
  return {
    question: wording.question,
    similar: wording.similar.join('\n'),
    answer: wording.answer,
    spoken: wording.spoken,
    conditions: (guide.conditions ?? []).join('\n'),
    materials: (guide.materials ?? []).join('\n'),
    steps: (guide.steps ?? []).join('\n'),
    timeLimit: guide.timeLimit ?? '',
    channels: (guide.channels ?? []).join('\n'),
    fee: guide.fee ?? '',
    sources: wording.sources.map((source) => ({ ...emptySource(), ...source })),
    topic: wording.topic,
    region: wording.region ?? '',
    insurance: wording.insurance ?? '',
    audience: wording.audience.join('\n'),
    notToConfuse: wording.notToConfuse.join('\n'),
    validFrom: wording.validFrom,
    validUntil: wording.validUntil ?? '',
  }
}

export function toWording(form: WordingForm): Wording {
  const guide = toGuide(form)
  return {
    question: form.question.trim(),
    similar: linesOf(form.similar),
    answer: form.answer.trim(),
    spoken: form.spoken.trim(),
    ...(guide && { guide }),
    sources: form.sources.map(toSource).filter((source) => Object.values(source).some(Boolean)),
    topic: form.topic.trim(),
    ...given('region', form.region),
    ...(form.insurance && { insurance: form.insurance }),
    audience: linesOf(form.audience),
    notToConfuse: linesOf(form.notToConfuse),
    validFrom: form.validFrom,
    ...given('validUntil', form.validUntil),
  }
}

function toGuide(form: WordingForm): Guide | undefined {
  const guide: Guide = {
    ...givenLines('conditions', form.conditions),
    ...givenLines('materials', form.materials),
    ...givenLines('steps', form.steps),
    ...given('timeLimit', form.timeLimit),
    ...givenLines('channels', form.channels),
    ...given('fee', form.fee),
  }
  return Object.keys(guide).length === 0 ? undefined : guide
}

function toSource(form: SourceForm): Source {
  return {
    title: form.title.trim(),
    ...given('number', form.number),
    ...given('article', form.article),
    ...given('date', form.date),
    ...given('url', form.url),
  }
}

const linesOf = (text: string) =>
  text
    .split('\n')
    .map((line) => line.trim())
    .filter((line) => line !== '')

function given<K extends string>(key: K, text: string): Partial<Record<K, string>> {
  const value = text.trim()
  // A computed key widens to an index signature, so the one property is put in by assignment.
  const part: Partial<Record<K, string>> = {}
  if (value !== '') part[key] = value
  return part
}

function givenLines<K extends string>(key: K, text: string): Partial<Record<K, string[]>> {
  const lines = linesOf(text)
  const part: Partial<Record<K, string[]>> = {}
  if (lines.length > 0) part[key] = lines
  return part
}

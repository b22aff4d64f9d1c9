/** Weekly and monthly reports (周报、月报): figures as they were when the report was written, kept for good. */
import { z } from 'zod'
import type { FigureId, FigureLimits, FigureView, Split, SplitView } from './figure.ts'
import { pageQuery } from './http.ts'

export const reportKinds = ['week', 'month'] as const
export type ReportKind = (typeof reportKinds)[number]
export const reportKindNames: Record<ReportKind, string> = { week: '周报', month: '月报' }

export const reportsQuery = z.strictObject({
  kind: z.enum(reportKinds, '只能是 week 或 month').optional(),
  ...pageQuery,
})

/** What is kept: names and definitions too, so that a figure that is defined anew changes no old report. */
export type KeptFigures = {
  limits: FigureLimits
  figures: (FigureView & { group: string; name: string; unit: 'count' | 'share' | 'seconds'; definition: string })[]
  splits: Partial<Record<Split, SplitView[]>>
}
export type ReportRow = { id: string; kind: ReportKind; from: string; to: string; computedAt: string }
export type ReportView = ReportRow & { bureau: string; kept: KeptFigures }

/** What a report shows by day, by agent and by level; everything else stands under its total. */
export const reportSplits = [
  'day',
  'channel',
  'unit',
  'level',
  'agent',
  'window',
  'tag',
] as const satisfies readonly Split[]
export const agentFigures = [
  'agent-parts',
  'handling-seconds',
  'wait-seconds',
  'reply-share',
  'ratings',
  'satisfied-share',
  'bad-share',
] as const satisfies readonly FigureId[]

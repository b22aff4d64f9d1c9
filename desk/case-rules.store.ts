/** The days that each kind of case has, city by city, in PostgreSQL. City '' is the row that holds everywhere. */
import type { CaseRule, CaseRuleKey } from '../contract/case-rule.ts'
import type { CaseKind } from '../contract/case.ts'
import type { Db, DeskTables } from './tables.ts'

export type CaseRulesStore = ReturnType<typeof caseRulesStore>

export function caseRulesStore(db: Db) {
  const d = db.withTables<DeskTables>()
  return {
    async all(): Promise<CaseRule[]> {
      const rows = await d.selectFrom('case_rule').selectAll().orderBy('city').orderBy('kind').execute()
      return rows.map(fromRow)
    },

    /** The city's own rule, else the one that holds everywhere. */
    async of(kind: CaseKind, city: string | null | undefined): Promise<CaseRule> {
      const row = await d
        .selectFrom('case_rule')
        .selectAll()
        .where('kind', '=', kind)
        .where('city', 'in', ['', city ?? ''])
        .orderBy('city', 'desc')
        .executeTakeFirstOrThrow()
      return fromRow(row)
    },

    async put({ city, kind, ...rule }: CaseRule): Promise<void> {
      const days = {
        counted_in: rule.countedIn,
        first_contact_days: rule.firstContactDays,
        due_days: rule.dueDays,
        remind_days: rule.remindDays,
        report_after_days: rule.reportAfterDays,
        extensions: rule.extensions,
        extension_days: rule.extensionDays,
        attempts: rule.attempts,
      }
      await d
        .insertInto('case_rule')
        .values({ city: city ?? '', kind, ...days })
        .onConflict((known) => known.columns(['city', 'kind']).doUpdateSet(days))
        .execute()
    },

    /** @returns false when that city has no row of its own. */
    async remove({ city, kind }: Required<CaseRuleKey>): Promise<boolean> {
      const { numDeletedRows } = await d
        .deleteFrom('case_rule')
        .where('city', '=', city)
        .where('kind', '=', kind)
        .executeTakeFirstOrThrow()
      return numDeletedRows > 0n
    },
  }
}

/** Out of all of them, as `of` finds it. */
export function ruleFor(rules: readonly CaseRule[], kind: CaseKind, city: string | null): CaseRule {
  const own = rules.find((rule) => rule.kind === kind && rule.city !== undefined && rule.city === city)
  const found = own ?? rules.find((rule) => rule.kind === kind && rule.city === undefined)
  if (!found) throw new Error(`no rule for ${kind}`)
  return found
}

type Row = {
  city: string
  kind: CaseKind
  counted_in: CaseRule['countedIn']
  first_contact_days: number
  due_days: number
  remind_days: number
  report_after_days: number
  extensions: number
  extension_days: number
  attempts: number
}

function fromRow(row: Row): CaseRule {
  return {
    ...(row.city && { city: row.city }),
    kind: row.kind,
    countedIn: row.counted_in,
    firstContactDays: row.first_contact_days,
    dueDays: row.due_days,
    remindDays: row.remind_days,
    reportAfterDays: row.report_after_days,
    extensions: row.extensions,
    extensionDays: row.extension_days,
    attempts: row.attempts,
  }
}

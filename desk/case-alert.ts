/** Which members of staff are told what of a case, by which way and in which words. Pure; a case is named by its number alone. */
import { caseKindNames } from '../contract/case.ts'
import type { Role } from '../contract/staff.ts'
import { withRole, type AlertTold } from './alert.ts'
import { mayJudge } from './case.ts'
import type { CaseNews } from './case-news.ts'

type Somebody = { id: string; roles: readonly Role[] }

/** One alert of the same kind for each that hears it in other words. */
export function caseAlerts(news: CaseNews, inForce: readonly Somebody[]): AlertTold[] {
  const { number, ownerId, supervisorId, ratedStaffId } = news
  const among = (ids: readonly (string | undefined)[]) =>
    [...new Set(ids)].flatMap((id) =>
      id !== undefined && inForce.some((one) => one.id === id) && (id === ownerId || id !== ratedStaffId) ? [id] : [],
    )
  const one = (text: string, told: string[], leavesHouse = false): AlertTold => ({
    alert: {
      kind: `case.${news.what}`,
      fact: `case:${news.caseId}:${news.what}:${news.seq}`,
      subject: news.caseId,
      text,
    },
    told,
    leavesHouse,
  })

  switch (news.what) {
    case 'opened': {
      const isToday = news.kind === 'emergency'
      const must = isToday ? '今天办结' : ` ${news.contactBy} 前首次联系市民，${news.dueOn} 前办结`
      return [one(`新的${caseKindNames[news.kind]}整改单 ${number} 由您负责，请在${must}。`, among([ownerId]), isToday)]
    }
    case 'reopened': {
      const text = `市民对整改单 ${number} 的整改仍不满意，现重新办理，新期限 ${news.dueOn}。`
      return [one(text, among([ownerId, supervisorId]), true)]
    }
    case 'appealed': {
      const parties = { ownerId, appellantId: news.byStaffId, ratedStaffId }
      const judging = withRole(inForce, ['supervisor']).filter((id) => mayJudge(parties, id))
      if (judging.length > 0) return [one(`整改单 ${number} 提出了申诉，等您复核认定。`, judging)]
      const text = `整改单 ${number} 提出了申诉，现在没有可以复核的班长，请安排一位。`
      return [one(text, among(withRole(inForce, ['administrator'])))]
    }
    case 'judged': {
      const found = news.isExcluded ? '成立，评价不计入统计，整改单已了结' : '没有成立，评价照常计入，请继续办理'
      const told = among([ownerId, news.appellantId]).filter((id) => id !== news.byStaffId)
      return [one(`整改单 ${number} 的申诉${found}。`, told)]
    }
    case 'given':
      return [
        one(`整改单 ${number} 由 ${news.from} 改派给您，请接着办理。`, among([ownerId])),
        one(`整改单 ${number} 已由您改派给 ${news.to}。`, among([news.formerOwnerId])),
      ]
    case 'ordered': {
      const what = {
        deadline: `12345 更改了整改单 ${number} 的办理期限，现在的期限是 ${news.dueOn}。`,
        urge: `12345 催办整改单 ${number}，期限 ${news.dueOn}，请抓紧办理。`,
        withdraw: `12345 撤回了整改单 ${number} 的工单，不用再办。`,
      }[news.change]
      return [one(what, among([ownerId, supervisorId]), news.change === 'urge')]
    }
  }
}

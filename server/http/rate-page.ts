/** The page that a link or a QR code leads to: one rating, without a script, for the oldest telephone and any reader. */
import { levelNames, type Level, type ReasonLists } from '../../contract/rating.ts'
import { page, textOf } from './public-page-frame.ts'

const levels: readonly Level[] = [5, 4, 3, 2, 1]

/** Another part of the same conversation: an agent's by the work number, else the bot's. */
export type OtherPart = { path: string; agentNumber?: string }
export type RateForm = {
  bureau: string
  title: string
  isAtWindow: boolean
  lists: ReasonLists
  others?: readonly OtherPart[]
  refused?: string
}

/** Without it a bad rating of a window can be put right by nobody in particular, and told to nobody. */
const windowFields = `<p><label for="clerk">窗口工作人员的工号（选填，在工牌上）</label><input id="clerk" name="clerk" maxlength="12" autocomplete="off"></p>
<p><label for="phone">您的电话（选填，只用来告诉您整改结果）</label><input id="phone" name="phone" type="tel" maxlength="20" autocomplete="tel"></p>`

export function rateFormPage({ bureau, title, isAtWindow, lists, others = [], refused }: RateForm): string {
  const choices = levels.map(
    (level) =>
      `<input type="radio" name="level" value="${level}" id="level-${level}" required><label for="level-${level}">${textOf(levelNames[level])}</label>`,
  )
  const reasons = levels.map(
    (level) =>
      `<fieldset class="reasons reasons-${level}"><legend>原因（可多选）</legend>${lists[level]
        .map(
          (reason) =>
            `<label><input type="checkbox" name="reason-${level}" value="${textOf(reason)}"> ${textOf(reason)}</label>`,
        )
        .join('')}</fieldset>`,
  )
  return page(
    bureau,
    title,
    `<h1>${textOf(title)}</h1>
${refused ? `<p class="refused" role="alert">${textOf(refused)}</p>` : ''}
<form method="post" accept-charset="utf-8">
<div class="levels" role="radiogroup" aria-label="评价">${choices.join('')}
${reasons.join('')}</div>
<p><label for="words">还想说的话（选填）</label><textarea id="words" name="words" rows="3" maxlength="500"></textarea></p>
${isAtWindow ? windowFields : ''}
<p><button type="submit">提交评价</button></p>
</form>
<p class="quiet">评价自愿，只能评一次，不影响您办事。被评价的人看不到是谁评的。</p>
${othersList(others)}`,
    style,
  )
}

export function rateTold(bureau: string, title: string, told: string, others: readonly OtherPart[] = []): string {
  const body = `<h1>${textOf(title)}</h1>\n<p role="status">${textOf(told)}</p>\n${othersList(others)}`
  return page(bureau, title, body, style)
}

function othersList(others: readonly OtherPart[]): string {
  if (others.length === 0) return ''
  const links = others.map(({ path, agentNumber }) => {
    const whose = agentNumber ? `工号 ${agentNumber} 的服务` : '智能客服的服务'
    return `<li><a href="${textOf(path)}">${textOf(whose)}</a></li>`
  })
  return `<section class="quiet"><h2>这次咨询里的其他服务也可以评价（自愿）</h2><ul>${links.join('')}</ul></section>`
}

const shown = levels.map((level) => `#level-${level}:checked ~ .reasons-${level}`).join(', ')
const style = `
.levels input[type=radio] { position: absolute; opacity: 0; }
.levels > label { display: block; margin: .5rem 0; padding: .7rem 1rem; border: 1px solid #8a97a5; border-radius: 8px; font-size: 1.1rem; cursor: pointer; }
.levels input:checked + label { border: 2px solid #0f6d66; background: #e6f3f1; font-weight: 700; }
.levels input:checked + label::after { content: " ✓"; }
.levels input:focus-visible + label { outline: 3px solid #0f6d66; outline-offset: 2px; }
.reasons { display: none; border: 1px solid #e3e8ee; border-radius: 8px; margin: 1rem 0; padding: .5rem 1rem; }
${shown} { display: block; }
.reasons label { display: block; padding: .4rem 0; }
textarea, p > input { display: block; width: 100%; box-sizing: border-box; font: inherit; padding: .5rem; border: 1px solid #8a97a5; border-radius: 8px; }
button { font: inherit; font-size: 1.1rem; padding: .7rem 2rem; color: #fff; background: #0f6d66; border: 0; border-radius: 8px; }
.refused { color: #b3261e; font-weight: 700; }
`

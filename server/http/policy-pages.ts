/**
 * 码上查 and 政策地图: every published entry as a page of its own, with a code to scan, and the list of them by place
 * and topic. The text is the approved text, word for word.
 */
import { toString as drawCode } from 'qrcode'
import type { Answer } from '../../contract/answer.ts'
import { guideNames, datedSourceWords, type Guide, type Source } from '../../contract/entry.ts'
import type { PolicyPlace } from '../title-book.ts'
import { escaped, writtenPage } from './html.ts'

const byWords = new Intl.Collator('zh-CN')

export function policyMapPage(bureau: string, places: readonly PolicyPlace[], day: string): string {
  const shown = places.filter(({ entries }) => entries.length > 0)
  const sections = shown.map(({ place, entries }, at) => {
    const topics = [...new Set(entries.map(({ topic }) => topic))].sort((one, other) => byWords.compare(one, other))
    const groups = topics.map((topic) => {
      const lines = entries
        .filter((entry) => entry.topic === topic)
        .map(({ entryId, question }) => `<li><a href="/policy/${escaped(entryId)}">${escaped(question)}</a></li>`)
      return `<h3>${escaped(topic)}</h3><ul class="links">${lines.join('\n')}</ul>`
    })
    return `<section aria-labelledby="place-${at}"><h2 id="place-${at}">${escaped(place)}</h2>${groups.join('\n')}</section>`
  })
  const count = shown.reduce((sum, { entries }) => sum + entries.length, 0)
  const jumps = shown.map(({ place }, at) => `<a href="#place-${at}">${escaped(place)}</a>`).join(' · ')
  const body = `<h1>政策地图</h1>
<p>按参保地和事项查政策。每一条都可以打印，也可以扫码带走。</p>
<p class="screen">${jumps}</p>
${sections.join('\n') || '<p>现在还没有公布的政策问答。</p>'}`
  const foot = `共 ${count} 条，${day} 生效的内容。<span class="screen"><a href="/topics">电话查询编号表</a> <a href="/">返回首页</a></span>`
  return writtenPage({ title: '政策地图', bureau, body, foot })
}

type Entry = { answer: Answer; url: string; day: string }

export async function policyPage(bureau: string, { answer: { entry, answer }, url, day }: Entry): Promise<string> {
  if (!entry || !answer) throw new Error('a page without its text')
  const code = await drawCode(url, { type: 'svg', margin: 1, errorCorrectionLevel: 'M' })
  const notice = [answer.notice, answer.coming].flatMap((words) => (words ? [paragraph(words, 'warning kept')] : []))
  const body = `<h1>${escaped(entry.question)}</h1>
${answer.example ? paragraph('随附示例，待本单位审核', 'warning') : ''}
${notice.join('')}
${paragraph(answer.text, 'kept')}
${answer.guide ? guide(answer.guide) : ''}
<h2>依据</h2>
<ul>${answer.sources.map(source).join('')}</ul>
<p class="note">${answer.validFrom} 起施行${answer.validUntil ? `，${answer.validUntil} 止` : ''}${entry.code ? `。电话里按 ${escaped(entry.code)} 可以听到这一条` : ''}</p>
<p class="screen"><button type="button" class="ask" data-budayang-open data-budayang-ask="${escaped(entry.question)}">问一问</button></p>
<h2>扫码再看</h2>
<div class="code" role="img" aria-label="本页的二维码">${code}</div>
<p class="note">${escaped(url)}</p>
<script async src="/widget/loader.js"></script>`
  const foot = `${day} 生效的内容。<span class="screen"><a href="/policy">政策地图</a> <a href="/">返回首页</a></span>`
  return writtenPage({ title: entry.question, bureau, body, foot })
}

const paragraph = (text: string, kind: string) => `<p class="${kind}">${escaped(text)}</p>`

function guide(card: Guide): string {
  const parts = (Object.keys(guideNames) as (keyof Guide)[]).flatMap((name) => {
    const said = card[name]
    if (said === undefined || said.length === 0) return []
    const list = name === 'steps' ? 'ol' : 'ul'
    const written =
      typeof said === 'string'
        ? paragraph(said, 'kept')
        : `<${list}>${said.map((line) => `<li>${escaped(line)}</li>`).join('')}</${list}>`
    return [`<h3>${guideNames[name]}</h3>${written}`]
  })
  return `<h2>一次性告知</h2>${parts.join('\n')}`
}

function source(one: Source): string {
  const words = escaped(datedSourceWords(one))
  return `<li>${one.url ? `<a href="${escaped(one.url)}" rel="noopener noreferrer">${words}</a>` : words}</li>`
}

/** The printed list of topics and their codes: text alone, by category, for a wall or a leaflet. */
import type { TopicRow } from '../title-book.ts'
import { escaped, writtenPage } from './html.ts'

const byWords = new Intl.Collator('zh-CN')

export function topicsPage(bureau: string, rows: readonly TopicRow[], day: string): string {
  const byTopic = new Map<string, TopicRow[]>()
  for (const row of rows) byTopic.set(row.topic, [...(byTopic.get(row.topic) ?? []), row])
  const topics = [...byTopic].sort(([one], [other]) => byWords.compare(one, other))
  const sections = topics.map(([topic, entries], at) => {
    const lines = entries
      .sort((one, other) => byWords.compare(one.question, other.question))
      .map(({ code = '', question }) => `<tr><td>${escaped(code)}</td><td>${escaped(question)}</td></tr>`)
    return `<section aria-labelledby="topic-${at}"><h2 id="topic-${at}">${escaped(topic)}</h2>
<table><thead><tr><th scope="col">编号</th><th scope="col">问题</th></tr></thead>
<tbody>${lines.join('\n')}</tbody></table></section>`
  })
  const none = '<p>现在还没有可以按编号查询的问题。</p>'
  const body = `<h1>常见问题编号表</h1>
<p>拨打热线，接通后按问题的四位编号，就能听到答复。任何时候按 0 转人工。编号不会改变，可以打印下来长期使用。</p>
${sections.length > 0 ? sections.join('\n') : none}`
  const foot = `共 ${rows.length} 个问题，${day} 生效的内容。<span class="screen"><a href="/policy">政策地图</a> <a href="/">返回首页</a></span>`
  return writtenPage({ title: '常见问题编号表', bureau, body, foot })
}

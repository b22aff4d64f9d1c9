/** The printed list of topics and their codes: text alone, by category, for a wall or a leaflet. */
import type { TopicRow } from '../title-book.ts'

const signs: Readonly<Record<string, string>> = { '&': '&amp;', '<': '&lt;', '>': '&gt;', '"': '&quot;', "'": '&#39;' }
const escaped = (text: string) => text.replace(/[&<>"']/g, (sign) => signs[sign] ?? '')
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
  return `<!doctype html>
<html lang="zh-CN">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>常见问题编号表 · ${escaped(bureau)}</title>
<style>${style}</style>
</head>
<body>
<header><p>${escaped(bureau)}</p></header>
<main>
<h1>常见问题编号表</h1>
<p>拨打热线，接通后按问题的四位编号，就能听到答复。任何时候按 0 转人工。编号不会改变，可以打印下来长期使用。</p>
${sections.length > 0 ? sections.join('\n') : none}
</main>
<footer><p>共 ${rows.length} 个问题，${day} 生效的内容。<a href="/">返回首页</a></p></footer>
</body>
</html>
`
}

/** The colours of the front page (web-widget/tokens.css), by day: this page is for paper. */
const style = `
:root { color-scheme: light; }
body { margin: 0; font: 16px/1.6 "Noto Sans CJK SC", "PingFang SC", "Microsoft YaHei", sans-serif; color: #1d2733; background: #fff; }
header, main, footer { max-width: 60rem; margin: 0 auto; padding: 0 1.25rem; }
header { padding-top: 1rem; font-weight: 600; color: #0f6d66; }
h1 { font-size: 1.6rem; margin: .5rem 0; }
h2 { font-size: 1.15rem; margin: 2rem 0 .5rem; padding-bottom: .25rem; border-bottom: 2px solid #0f6d66; break-after: avoid; }
table { border-collapse: collapse; width: 100%; }
th { text-align: left; font-weight: 600; color: #5b6b7b; font-size: .875rem; }
th:first-child, td:first-child { width: 5rem; }
td { padding: .3rem .5rem .3rem 0; border-bottom: 1px solid #e3e8ee; vertical-align: top; }
td:first-child { font-variant-numeric: tabular-nums; font-weight: 700; letter-spacing: .08em; }
tr { break-inside: avoid; }
footer { color: #5b6b7b; padding: 1.5rem 1.25rem 2rem; }
a { color: #0f6d66; }
@media print { body { font-size: 10.5pt; } a { display: none; } h2 { margin-top: 1rem; } }
`

/** What pages for everybody have in common: text that stays text, one look by day and on paper, no script. */
const signs: Readonly<Record<string, string>> = { '&': '&amp;', '<': '&lt;', '>': '&gt;', '"': '&quot;', "'": '&#39;' }
export const textOf = (text: string) => text.replace(/[&<>"']/g, (sign) => signs[sign] ?? '')

/** @param body and `more` are markup: whatever people wrote has gone through `textOf`. */
export function page(bureau: string, title: string, body: string, more = ''): string {
  return `<!doctype html>
<html lang="zh-CN">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>${textOf(title)} · ${textOf(bureau)}</title>
<link rel="icon" type="image/svg+xml" href="/widget/icon.svg">
<style>${style}${more}</style>
</head>
<body>
<header><p>${textOf(bureau)}</p></header>
<main>
${body}
</main>
<footer><p><a href="/">返回首页</a></p></footer>
</body>
</html>
`
}

/** The colours of the front page (web-widget/tokens.css), by day. */
const style = `
:root { color-scheme: light; }
body { margin: 0; font: 18px/1.6 "Noto Sans CJK SC", "PingFang SC", "Microsoft YaHei", sans-serif; color: #1d2733; background: #fff; font-variant-numeric: tabular-nums; }
header, main, footer { max-width: 60rem; margin: 0 auto; padding: 0 1.25rem; }
header { padding-top: 1rem; font-weight: 600; color: #0f6d66; }
h1 { font-size: 1.5rem; margin: .5rem 0 1rem; }
h2 { font-size: 1.15rem; margin: 2rem 0 .5rem; padding-bottom: .25rem; border-bottom: 2px solid #0f6d66; break-after: avoid; }
table { border-collapse: collapse; width: 100%; }
caption { text-align: left; color: #5b6b7b; font-size: .9rem; padding-bottom: .25rem; }
th { text-align: left; font-weight: 600; }
thead th { color: #5b6b7b; font-size: .9rem; }
th, td { padding: .35rem .5rem .35rem 0; border-bottom: 1px solid #e3e8ee; vertical-align: top; }
tr { break-inside: avoid; }
a { color: #0f6d66; }
:focus-visible { outline: 3px solid #0f6d66; outline-offset: 2px; }
.quiet, footer { color: #5b6b7b; font-size: .9rem; }
footer { padding: 1.5rem 1.25rem 2rem; }
@media (max-width: 40rem) { .wide { overflow-x: auto; } .wide th, .wide td { white-space: nowrap; } }
@media print { body { font-size: 10.5pt; } footer a { display: none; } }
`

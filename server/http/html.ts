/** Pages that the server writes itself: for people without scripts, for printers, for whoever scanned a code. */
const signs: Readonly<Record<string, string>> = { '&': '&amp;', '<': '&lt;', '>': '&gt;', '"': '&quot;', "'": '&#39;' }

export const escaped = (text: string) => text.replace(/[&<>"']/g, (sign) => signs[sign] ?? '')

/** @param body written already. */
export function writtenPage({
  title,
  bureau,
  body,
  foot,
}: {
  title: string
  bureau: string
  body: string
  foot: string
}) {
  return `<!doctype html>
<html lang="zh-CN">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>${escaped(title)} · ${escaped(bureau)}</title>
<link rel="icon" type="image/svg+xml" href="/widget/icon.svg">
<style>${style}</style>
</head>
<body>
<header><p>${escaped(bureau)}</p></header>
<main>
${body}
</main>
<footer><p>${foot}</p></footer>
</body>
</html>
`
}

/** The colours of the front page (web-widget/tokens.css), by day: these pages are for paper too. */
const style = `
:root { color-scheme: light; }
* { box-sizing: border-box; }
body { margin: 0; font: 16px/1.7 "Noto Sans CJK SC", "PingFang SC", "Microsoft YaHei", sans-serif; color: #1d2733; background: #fff; overflow-wrap: anywhere; }
header, main, footer { max-width: 60rem; margin: 0 auto; padding: 0 1.25rem; }
header { padding-top: 1rem; font-weight: 600; color: #0f6d66; }
h1 { font-size: 1.6rem; line-height: 1.4; margin: .5rem 0; }
h2 { font-size: 1.15rem; margin: 2rem 0 .5rem; padding-bottom: .25rem; border-bottom: 2px solid #0f6d66; break-after: avoid; }
h3 { font-size: 1rem; margin: 1.25rem 0 .25rem; }
table { border-collapse: collapse; width: 100%; }
th { text-align: left; font-weight: 600; color: #5b6b7b; font-size: .875rem; }
th:first-child, td:first-child { width: 5rem; }
td { padding: .3rem .5rem .3rem 0; border-bottom: 1px solid #e3e8ee; vertical-align: top; }
td:first-child { font-variant-numeric: tabular-nums; font-weight: 700; letter-spacing: .08em; }
tr { break-inside: avoid; }
ul.links { margin: 0; padding: 0; list-style: none; columns: 20rem; column-gap: 2rem; }
ul.links li { break-inside: avoid; }
ul.links a { display: inline-block; padding: .35rem 0; }
.kept { white-space: pre-line; }
.note { color: #5b6b7b; font-size: .875rem; }
.warning { border-left: 4px solid #b25e09; padding-left: .75rem; }
.ask { min-height: 48px; padding: .5rem 1.5rem; border: 0; border-radius: 24px; background: #0f6d66; color: #fff; font: inherit; font-weight: 600; cursor: pointer; }
.ask:focus-visible, a:focus-visible { outline: 3px solid #0f6d66; outline-offset: 2px; }
.code { width: 9rem; height: 9rem; }
footer { color: #5b6b7b; padding: 1.5rem 1.25rem 2rem; }
a { color: #0f6d66; }
@media print { body { font-size: 10.5pt; } a { color: inherit; text-decoration: none; } .ask, .screen { display: none; } h2 { margin-top: 1rem; } }
`

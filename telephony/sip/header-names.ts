/** Header names: short forms, how we spell them, and which may stand only once. */
const shortForms: Readonly<Record<string, string>> = {
  a: 'accept-contact',
  b: 'referred-by',
  c: 'content-type',
  e: 'content-encoding',
  f: 'from',
  i: 'call-id',
  j: 'reject-contact',
  k: 'supported',
  l: 'content-length',
  m: 'contact',
  o: 'event',
  r: 'refer-to',
  s: 'subject',
  t: 'to',
  u: 'allow-events',
  v: 'via',
  x: 'session-expires',
}

/** The long form, in lower case. */
export function longName(name: string): string {
  const lower = name.toLowerCase()
  return lower.length === 1 ? (shortForms[lower] ?? lower) : lower
}

export const onlyOnce: readonly string[] = [
  'call-id',
  'content-length',
  'content-type',
  'cseq',
  'expires',
  'from',
  'max-forwards',
  'min-se',
  'refer-to',
  'session-expires',
  'to',
]

const spelled: Readonly<Record<string, string>> = {
  'call-id': 'Call-ID',
  cseq: 'CSeq',
  'min-se': 'Min-SE',
  'www-authenticate': 'WWW-Authenticate',
}

/** `record-route` as `Record-Route`. */
export function spell(name: string): string {
  return spelled[name] ?? name.replace(/(^|-)[a-z]/g, (first) => first.toUpperCase())
}

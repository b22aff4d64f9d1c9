/** What else speaks for a hit or against it: for deciding, not for ranking. */
export type Evidence = {
  /** How far the rest is to be believed: 0 with one question an entry, near 1 with many. */
  weight: number
  /** Root of the number of parts asked for: what a long question tells, tells more. */
  length: number
  /** Share of what the words asked tell that the entry says anywhere, in [0, 1]. */
  covered: number
  /** How alike the most alike of its questions but one is, in [0, 1]: what two say is no accident. */
  second: number
  /** How likely the entry is as a whole (whole-entry.ts). */
  likelihood: number
  /** How alike the entry's own question is, in [0, 1]. */
  ownQuestion: () => number
}

/** The fields of a wording as the server names them, for sorting its messages; the longer name stands after the shorter. */
export const wordingFields = [
  'question',
  'similar',
  'answer',
  'spoken',
  'guide',
  'guide.conditions',
  'guide.materials',
  'guide.steps',
  'guide.timeLimit',
  'guide.channels',
  'guide.fee',
  'sources',
  'topic',
  'region',
  'insurance',
  'audience',
  'notToConfuse',
  'validFrom',
  'validUntil',
] as const
export type WordingField = (typeof wordingFields)[number]

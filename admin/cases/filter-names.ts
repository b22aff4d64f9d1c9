/** By what the list of cases is chosen, in its address and in what is exported. */
export const caseFilters = [
  ...(['words', 'state', 'kind', 'rung', 'source', 'owner'] as const),
  ...(['city', 'from', 'until', 'overdue'] as const),
] as const

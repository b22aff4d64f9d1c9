/**
 * How node-nlp is set up, in training and in use alike. Its default "None" feature is off: with it, every Chinese
 * paraphrase that holds one unseen token becomes None.
 */
export const nlpSettings = {
  languages: ['zh'],
  forceNER: false,
  autoSave: false,
  autoLoad: false,
  nlu: { useNoneFeature: false, log: false },
}

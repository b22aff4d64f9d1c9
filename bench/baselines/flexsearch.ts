/** FlexSearch as its documentation says for Chinese, with `suggest`, without which every character would have to match. */
import { Charset, Index } from 'flexsearch'
import { textsWanted, type Baseline } from './baseline.ts'

export const flexsearch: Baseline = (surfaces) => {
  const index = new Index({ encoder: Charset.CJK })
  surfaces.forEach(({ text }, at) => index.add(at, text))
  return (text) =>
    index.search(text, { limit: textsWanted, suggest: true }).flatMap((at) => surfaces[Number(at)]?.entry ?? [])
}

/**
 * Words of medical insurance that name one thing, so that whoever says the old word, the short one or the one of the
 * countryside finds what an editor wrote with another. For comparing questions, never for what a citizen reads.
 *
 * Invariant: the longest word that stands somewhere is the one that is read there; one that names something else though
 * it begins or ends alike (新农保, a pension) is in the table as itself.
 */
const names: Record<string, readonly string[]> = {
  居民医保: [
    ...['新型农村合作医疗保险', '新型农村合作医疗', '新农村合作医疗', '农村合作医疗保险', '农村合作医疗'],
    ...['合作医疗保险', '合作医疗', '新农合医疗保险', '新农合医保', '新农合保险', '新农合', '农合', '合疗', '农保'],
    ...['新型农村医疗保险', '农村医疗保险', '农村医保'],
    ...['城乡居民基本医疗保险', '城乡居民医疗保险', '城乡居民医保'],
    ...['城镇居民基本医疗保险', '城镇居民医疗保险', '城镇居民医保', '居民基本医疗保险', '居民医疗保险'],
  ],
  职工医保: [...['城镇职工基本医疗保险', '城镇职工医疗保险', '城镇职工医保', '职工基本医疗保险', '职工医疗保险']],
  居民: ['城乡居民', '城镇居民'],
  医保: ['基本医疗保险', '医疗保险'],
  生育保险: ['生育险'],
  生育津贴: ['生育金'],
  社保卡: ['社会保障卡', '社会保险卡', '医疗保险卡', '医保卡', '医疗卡'],
  医保码: ['医保电子凭证', '电子医保凭证', '医保电子码', '电子医保卡'],
  孩子: ['小孩子', '小孩', '小娃', '娃儿', '娃娃', '娃', '小朋友', '儿童'],
  生孩子: ['分娩'],
  怀孕: ['怀上', '怀了'],
  单位: ['用人单位', '公司', '企业', '厂里', '老板'],
  离职: ['辞职', '辞工', '不干了'],
  断交: ['断缴', '断保', '停缴', '停交'],
  丢: ['遗失', '丢失', '弄丢', '丢了', '不见了', '找不到'],
  报销: ['报账', '报帐'],
}
const others = ['新农保', '商业医疗保险', '补充医疗保险', '意外医疗保险', '综合医疗保险', '保险公司', '生育基金']

const meanings = new Map(others.map((word) => [word, word]))
for (const [meant, said] of Object.entries(names)) for (const word of said) meanings.set(word, meant)
const known = new RegExp([...meanings.keys()].sort((a, b) => b.length - a.length).join('|'), 'gu')

export function oneNameForEach(text: string): string {
  return text.replace(known, (word) => meanings.get(word) ?? word)
}

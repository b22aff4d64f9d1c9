/**
 * What short spoken Chinese means to the floor: a nod, a hesitation, a call for a person, "say it again". Counted in
 * characters, never in blanks: recognisers put blanks where they like. What a question means is the server's business.
 */

const nods =
  '知道了|明白了|了解了|晓得了|知道|明白|了解|晓得|好的|好吧|好呀|对的|对啊|是的|是啊|是吗|没错|谢谢|可以|这样啊|嗯|恩|唔|呃|额|啊|哦|噢|喔|哎|诶|欸|对|是|好|行|喂'
const onlyNods = new RegExp(`^(?:${nods})+$`)
const nodsAround = new RegExp(`^(?:${nods})+|(?:${nods})+$`, 'g')
const onlyHesitation = /^(?:嗯|恩|唔|呃|额|啊|哦|噢|喔|哎|诶|欸|那个|这个)+$/
const hello = /^(?:喂|你好|您好|有人吗|在吗|听得到吗)+$/
const unfinished = /(?:嗯|呃|那个|这个|就是|就是说|然后|还有|和|跟|因为|所以|但是|如果|比如|的话|我想问|想问一下|请问)$/

const person = '(?:人工|真人|活人|客服人员|工作人员|话务员|接线员)(?:客服|服务|坐席|座席|台)?'
const asksPerson = new RegExp(
  '^(?:请|我要|我想|帮我|给我|麻烦|能不能|可不可以|可以|直接|快|快点|那|就|我|你|您|喂|你好|您好|嗯)*' +
    `(?:转接|转到|转|找|接|换|叫|要|来)?(?:一下|下|个|到|成)?(?:${person})+(?:来)?(?:吧|啊|呀|嘛|吗|谢谢|行吗|好吗|可以吗)*$`,
)
const asksAgain =
  /^(?:请|你|您|麻烦|能|可以|能不能)*(?:再说|再讲|再念|再听|重复|重说)(?:一遍|一次|一下)?(?:吧|好吗|行吗|吗)?$|^我?(?:刚才)?没有?听(?:清楚|清|明白|见)$/
const asksStop = /^(?:停|停一下|停下|等一下|等等|等一等|别说了|先别说|打断一下|不对|不是|不是的)+$/

const yes = /^(?:嗯|恩|对|对的|对啊|是|是的|是啊|没错|好|好的|可以|行|确认)+$/
const no = /^(?:不|不是|不是的|不对|没有|错了|不要|不行)+$/
const ordinals: Record<string, 1 | 2 | 3> = { 一: 1, 壹: 1, 幺: 1, '1': 1, 二: 2, 两: 2, '2': 2, 三: 3, '3': 3 }
const ordinal = /^(?:我?(?:选|要|问)?的?(?:是)?)?第?([一幺壹二两三123])(?:个|项|条|号)?(?:吧|问题)?$/

/** The text without punctuation and blanks. */
export function plain(text: string): string {
  return text.replace(/[\s\p{P}\p{S}]/gu, '')
}

/** How many characters say something: nods at both ends are not counted, blanks and marks never. */
export function weight(text: string): number {
  const core = plain(text)
  if (onlyNods.test(core)) return 0
  return [...core.replace(nodsAround, '')].filter((char) => /[\p{Script=Han}\p{L}\p{N}]/u.test(char)).length
}

export const isNod = (text: string) => onlyNods.test(plain(text))
export const isHesitation = (text: string) => onlyHesitation.test(plain(text))
/** 喂: the caller wonders whether anybody is there. */
export const isHello = (text: string) => hello.test(plain(text))
/** 人工, and little else: "人工耳蜗能报销吗" and "不要人工" are no call for a person. */
export const asksForPerson = (text: string) => asksPerson.test(plain(text))
export const asksToRepeat = (text: string) => asksAgain.test(plain(text))
export const asksToStop = (text: string) => asksStop.test(plain(text))
/** The sentence is plainly going on. */
export const endsOpen = (text: string) => unfinished.test(plain(text))
export const spokenDigits = (text: string) => (plain(text).match(/[0-9零〇幺一二两三四五六七八九]/g) ?? []).length

/** undefined: neither. */
export function yesOrNo(text: string): boolean | undefined {
  const core = plain(text)
  return yes.test(core) ? true : no.test(core) ? false : undefined
}

/** 第一个, 选二, 三: the title that was named by its place. */
export function spokenChoice(text: string): 1 | 2 | 3 | undefined {
  const named = ordinal.exec(plain(text))?.[1]
  return named ? ordinals[named] : undefined
}

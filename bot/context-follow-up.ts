/**
 * A few words that only mean something after an answer: "需要什么材料", "多久能办好", "那退休的呢", "荆门那边呢". Pure.
 *
 * Invariant: only a text that is such a question and nothing else is read as one.
 */
import type { Guide } from '../contract/entry.ts'
import { loosened, normalise } from '../knowledge/text/normalise.ts'

export type Field = keyof Guide
export type FollowUp = { kind: 'field'; field: Field } | { kind: 'instead'; words: string }

const head = '(?:那么?|然后|还|都|一共|大概|一般|具体|我|您|你们|这个|这件事|它|办这个|到底|又)*'
const paper = '(?:材料|资料|证件|证明|手续|东西|单据|票据|文件)'
// Written over loosened texts: 可以 and 能否 are 能, 需要 is 要, 办理 is 办, 哪里 is 哪, 多长时间 is 多久.
const fields: Record<Field, RegExp> = {
  materials: new RegExp(
    `^${head}(?:要|得|应该?|该)?(?:带|准备|交|提交|提供|出示)?(?:什么|哪些)(?:样的)?${paper}?(?<=${paper}|带(?:什么|哪些)|备(?:什么|哪些))$|^${head}(?:要的?|所需的?)?${paper}(?:有哪些|有什么|是什么|清单)?$|^${head}要准备什么$`,
    'u',
  ),
  timeLimit: new RegExp(
    `^${head}(?:要|得|大概要)?(?:多久|几天|多少天|几个工作日|多少个?工作日|什么时候)(?:才?能)?(?:办好|办完|办下来|办结|到账|出结果|下来|完成|办|好)?$|^${head}(?:办|办结)?(?:时限|时间要?多久|要多久)(?:是多久|是多少|多久)?$`,
    'u',
  ),
  channels: new RegExp(
    `^${head}(?:能|在|从|用|到)*(?:网上|线上|手机上?|小程序|app|微信|支付宝)(?:上|里)?(?:能|也能|直接)*(?:办|申请|弄|操作|提交|交)(?:不|了)?$|^${head}(?:要)?(?:去|到|在|上)?(?:哪个?|什么地方)(?:个?窗口|个?部门|个?地方|个?单位|个?平台|里)?(?:能|去)*(?:办|申请|交|弄|提交)?$|^${head}(?:办|申请)?(?:渠道|地点|地址|窗口)(?:有哪些|是什么|在哪)?$|^${head}找谁办?$`,
    'u',
  ),
  fee: new RegExp(`^${head}(?:要|得|收|花|交)*(?:多少钱|多少费用|钱|费用?|费吗)(?:是多少|多少)?$|^${head}收费$`, 'u'),
  conditions: new RegExp(
    `^${head}(?:要|得|有|符合|满足|具备)*(?:什么|哪些)(?:条件|要求|限制)(?:才?能)?(?:办|申请)?$|^${head}(?:什么|哪些)人?(?:才?能)(?:办|申请)$|^${head}谁(?:才?能)(?:办|申请)$|^${head}(?:办|申请)?(?:条件|要求)(?:是什么|有哪些)?$`,
    'u',
  ),
  steps: new RegExp(
    `^${head}(?:该|要|应该)?怎么(?:办|弄|操作|申请)$|^${head}(?:要|有|走)?(?:什么|哪些)(?:流程|步骤|程序)$|^${head}(?:办|申请)?(?:流程|步骤)(?:是什么|有哪些|怎么走)?$`,
    'u',
  ),
}
const named = '(?:是|说)?(?<words>[^？?，,。！!]{1,10}?)(?:的|的话|那边|这边|那里|的情况)*'
const instead = [
  new RegExp(`^(?:那么?)?(?:如果|要是|换成|换作)?${named}呢[？?。！!]*$`, 'u'),
  new RegExp(
    `^(?:那么?)(?:如果|要是|换成|换作)?${named}(?:怎么说|也?一样吗|也?行吗|也?可以吗|也是吗)?[？?。！!]*$`,
    'u',
  ),
]
const asksByItself = /怎么|什么|多少|多久|哪|几|吗|如何|为什么|能不能|是否/

export function followUp(text: string): FollowUp | undefined {
  const said = loosened(normalise(text))
  for (const [field, pattern] of eachField()) if (pattern.test(said)) return { kind: 'field', field }
  const trimmed = text.normalize('NFKC').trim()
  const words = instead.flatMap((pattern) => pattern.exec(trimmed)?.groups?.['words']?.trim() ?? [])[0]
  if (!words || asksByItself.test(words) || !/\p{L}|\d/u.test(words)) return undefined
  return { kind: 'instead', words }
}

/** Whether a text is only a question about the answer before it. */
export const isAboutField = (text: string) => followUp(text)?.kind === 'field'

function eachField(): [Field, RegExp][] {
  return (['materials', 'timeLimit', 'channels', 'fee', 'conditions', 'steps'] as const).map((field) => [
    field,
    fields[field],
  ])
}

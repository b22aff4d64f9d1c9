/**
 * What a citizen says they are called, out of their own words: nothing is kept of it, and nothing is proved by it. Pure.
 * What is not clearly a name is none: a wrong one offends more than 您.
 */
export type SaidName = { surname: string; full?: string; title?: string }

/** Those that most people bear, two-sign ones first; whoever has a rarer one is 您. */
const surnames =
  '欧阳|上官|司马|诸葛|东方|皇甫|尉迟|公孙|慕容|令狐|夏侯|司徒|' +
  [
    ...'王李张刘陈杨黄赵吴周徐孙马朱胡郭何林高罗郑梁谢宋唐许韩邓冯曹彭曾肖田董潘袁蔡蒋余于杜叶程魏苏吕丁任卢姚沈钟姜崔谭陆范汪廖石金韦贾夏付方邹熊白孟秦邱侯江尹薛闫雷侯龙史陶黎贺顾毛郝龚邵万覃武钱戴严莫孔向常汤康易乔赖文施洪季岳齐梅庄辛管祝左涂谷祁耿牟卜路詹关苗凌费纪靳盛童欧甄项曲成游阳裴席卫查屈鲍位温柴葛倪聂殷章宁焦解景翁',
  ].join('|')
const titles = '先生|女士|小姐|老师|同志|师傅|阿姨|大爷|大妈|医生|护士'

const patterns = [
  // 我叫张三 / 我的名字是张三 / 本人姓名：张三
  new RegExp(
    `(?:我(?:的名字)?叫做?|名字[是叫]|姓名[是：:]?)\\s*(?<surname>${surnames})(?<given>\\p{Script=Han}{1,2})(?=$|[，。,.！!？?；;\\s])`,
    'u',
  ),
  // 免贵姓王 / 我姓王，叫我王女士
  new RegExp(`(?:我|免贵|本人)姓\\s*(?<surname>${surnames})(?:(?<title>${titles}))?(?=$|[，。,.！!？?；;\\s])`, 'u'),
  // 我是王女士
  new RegExp(`(?:我是|叫我)\\s*(?<surname>${surnames})(?<title>${titles})`, 'u'),
]

/** The latest that was said counts; a title that was said with the same surname before stays. @param words oldest first */
export function saidName(words: readonly string[]): SaidName | undefined {
  let name: SaidName | undefined
  for (const text of words)
    for (const pattern of patterns) {
      const { surname, given, title } = pattern.exec(text)?.groups ?? {}
      if (!surname) continue
      const before = name?.surname === surname ? name : undefined
      name = {
        surname,
        ...((given ? surname + given : before?.full) && { full: given ? surname + given : before?.full }),
        ...((title ?? before?.title) && { title: title ?? before?.title }),
      }
    }
  return name
}

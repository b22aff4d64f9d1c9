import fc from 'fast-check'
import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { parseAllDocuments } from 'yaml'
import { spokenText } from '../../../telephony/speech/spoken-text.ts'

/** As the packs write it, or as an editor may. */
const cases: readonly (readonly [string, string])[] = [
  // telephone numbers
  ['请拨打12393咨询', '请拨打幺二三九三咨询'],
  ['也可以打12345政务服务热线', '也可以打幺二三四五政务服务热线'],
  ['拨打 12348 法律援助', '拨打幺二三四八法律援助'],
  ['12315、12366', '幺二三幺五、幺二三六六'],
  ['可以打12345，统一受理', '可以打幺二三四五，统一受理'],
  ['电话：0561-3051234', '电话：零五六幺，三零五幺二三四'],
  ['010-12345678转802', '零幺零，幺二三四五六七八，八零二'],
  ['手机13812345678', '手机幺三八，幺二三四，五六七八'],
  ['400-800-1234', '四零零，八零零，幺二三四'],
  ['急救电话120', '急救电话幺二零'],
  ['138****5678', '幺三八，星号，五六七八'],
  ['身份证号34040319900101123X', '身份证号三四零四零三幺九九零零幺零幺幺二三X'],
  ['12345元', '一万二千三百四十五元'],
  // days and times
  ['1月1日', '一月一日'],
  ['2024年', '二零二四年'],
  ['到次年12月31日', '到次年十二月三十一日'],
  ['2018-12-29', '二零一八年十二月二十九日'],
  ['2025/9/1', '二零二五年九月一日'],
  ['2026年至2030年', '二零二六年至二零三零年'],
  ['2024-2025年', '二零二四到二零二五年'],
  ['二○二四年', '二零二四年'],
  ['2025年版国家医保药品目录', '二零二五年版国家医保药品目录'],
  ['8:30-17:30', '八点三十分到十七点三十分'],
  ['周一至周五 9：00—17：00', '周一至周五九点到十七点'],
  ['上午8:05', '上午八点零五分'],
  ['24小时服务', '二十四小时服务'],
  ['7×24小时', '七乘二十四小时'],
  ['每月5日前', '每月五日前'],
  ['1998年确定的', '一九九八年确定的'],
  // amounts
  ['3000元至1万元', '三千元至一万元'],
  ['500元以上3000元以下', '五百元以上三千元以下'],
  ['400 元/人', '四百元每人'],
  ['100元/人·年', '一百元每人每年'],
  ['2200余条', '两千二百余条'],
  ['最高20万元', '最高二十万元'],
  ['2万元', '两万元'],
  ['2.5万元', '二点五万元'],
  ['￥1,200.50', '一千二百点五元'],
  ['¥50', '五十元'],
  ['21.82万笔', '二十一点八二万笔'],
  ['1,004家', '一千零四家'],
  ['10元', '十元'],
  ['105元', '一百零五元'],
  // shares
  ['70%', '百分之七十'],
  ['70％左右', '百分之七十左右'],
  ['0.3%左右', '百分之零点三左右'],
  ['60-70%', '百分之六十到百分之七十'],
  ['50%-60%', '百分之五十到百分之六十'],
  ['线上可办率100%', '线上可办率百分之一百'],
  ['5‰', '千分之五'],
  ['1/3', '三分之一'],
  ['提高5个百分点', '提高五个百分点'],
  // counting and naming
  ['2个月', '两个月'],
  ['满2年', '满两年'],
  ['2倍以上5倍以下', '两倍以上五倍以下'],
  ['2月', '二月'],
  ['第2条', '第二条'],
  ['第20条', '第二十条'],
  ['第二十条', '第二十条'],
  ['2型糖尿病', '二型糖尿病'],
  ['5-7天', '五到七天'],
  ['3～6个月', '三到六个月'],
  ['满4年后', '满四年后'],
  ['36项', '三十六项'],
  // documents, letters and signs
  ['医保发〔2021〕5号', '医保发二零二一年五号'],
  ['国办发〔2024〕38号文件', '国办发二零二四年三十八号文件'],
  ['法释〔2026〕1号', '法释二零二六年一号'],
  ['医保发(2025)33号', '医保发二零二五年三十三号'],
  ['GB/T 2260', 'G B T二二六零'],
  ['A类', 'A类'],
  ['“吕梁通”APP', '吕梁通A P P'],
  ['CT、MRI', 'C T、M R I'],
  ['互联网+医保', '互联网加医保'],
  ['医院/药店', '医院或药店'],
  ['费用≥500元', '费用不低于五百元'],
  ['37.5℃', '三十七点五摄氏度'],
  ['《医疗保障法》', '医疗保障法'],
  ['凭证（原件）办理', '凭证，原件，办理'],
  ['①身份证②医保卡', '第一，身份证第二，医保卡'],
  ['1. 先备案\n2. 再看病', '第一，先备案。第二，再看病'],
  ['见https://www.nhsa.gov.cn/a?b=1，或现场问', '见网页链接，或现场问'],
  ['写信到 a.b@nhsa.gov.cn', '写信到邮箱地址'],
  ['按#键结束，按*键返回', '按井号键结束，按星号键返回'],
  ['很好👍。', '很好。'],
  ['', ''],
]

describe('what is written becomes what is said', () => {
  it.each(cases)('%s', (written, said) => {
    expect(spokenText(written)).toBe(said)
  })
})

const pronounceable = /^[\p{Script=Han}A-Za-z ，。？！；：、]*$/u

describe('whatever is written', () => {
  it('never throws, and leaves no digit, bracket or sign', () => {
    const piece = fc.oneof(
      fc.string({ unit: 'binary' }),
      fc.integer({ min: 0, max: 10 ** 12 }).map(String),
      fc.constantFrom(...cases.map(([written]) => written)),
      fc.constantFrom(
        '〔',
        '（',
        '%',
        '/',
        '-',
        '.',
        ',',
        ':',
        '年',
        '元',
        '+',
        '\n',
        '①',
        'Ⅷ',
        '½',
        '٣',
        '〇',
        '^',
        '$&',
      ),
    )
    fc.assert(
      fc.property(fc.array(piece, { maxLength: 12 }), (pieces) => {
        expect(spokenText(pieces.join(''))).toMatch(pronounceable)
      }),
      { numRuns: 1_500 },
    )
  })

  it('says what is said already the same way', () => {
    for (const [, said] of cases) expect(spokenText(said)).toBe(said)
  })

  it('takes a hostile text of 100,000 signs in under two seconds', () => {
    for (const unit of ['1-', '9', '1.', '(', '１２，', '-－', 'A/'])
      expect(timed(() => spokenText(unit.repeat(100_000 / unit.length)))).toBeLessThan(2_000)
  })

  it('says every text of the packs', () => {
    const texts = packTexts()
    expect(texts.length).toBeGreaterThan(1_000)
    for (const text of texts) {
      expect(spokenText(text)).toMatch(pronounceable)
      expect(spokenText(text)).not.toBe('')
    }
  })
})

function timed(work: () => void): number {
  const startedMs = performance.now()
  work()
  return performance.now() - startedMs
}

function packTexts(): string[] {
  const packs = join(import.meta.dirname, '../../../knowledge/packs')
  return readdirSync(packs, { recursive: true, encoding: 'utf8' })
    .filter((file) => file.endsWith('.yaml') && !file.endsWith('pack.yaml'))
    .flatMap((file) => parseAllDocuments(readFileSync(join(packs, file), 'utf8')))
    .flatMap((document) => textsOf(document.toJS()))
}

function textsOf(entry: unknown): string[] {
  if (typeof entry !== 'object' || entry === null) return []
  const told = entry as { question?: unknown; answer?: unknown; spoken?: unknown; similar?: unknown }
  const similar: unknown[] = Array.isArray(told.similar) ? told.similar : []
  return [told.question, told.answer, told.spoken, ...similar].filter(
    (text): text is string => typeof text === 'string' && text !== '',
  )
}

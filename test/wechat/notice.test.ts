import { describe, expect, it } from 'vitest'
import { mayNotice, noticeBody, readNoticeFields, type NoticeTemplate } from '../../wechat/notice.ts'

const at = new Date('2026-11-22T04:05:06Z')
const facts = {
  matter: '整改进展',
  text: '您反映的问题已办理：\n费用已退回您的银行卡，请查收',
  bureau: '医疗保障咨询',
  at,
}
const fieldsOf = (list: string) => readNoticeFields(list) ?? expect.unreachable('these are fields')
const aTemplate = (list: string): NoticeTemplate => ({ id: 'template-1', kind: 'once', fields: fieldsOf(list) })

describe('the fields of a template', () => {
  it('are filled as the settings say, each as long as its kind takes, on one line, in Chinese time', () => {
    expect(noticeBody('o1', aTemplate('thing1=matter, time2=time,thing3=text,phrase4=bureau'), facts)).toEqual({
      touser: 'o1',
      template_id: 'template-1',
      data: {
        thing1: { value: '整改进展' },
        time2: { value: '2026-11-22 12:05' },
        thing3: { value: '您反映的问题已办理： 费用已退回您的银…' },
        phrase4: { value: '医疗保障…' },
      },
    })
  })

  it.each(['', 'thing1', 'thing1=', 'thing1=weather', 'thing1=matter,thing1=text', 'thing1=matter;time2=time'])(
    'are no fields: %o',
    (list) => expect(readNoticeFields(list)).toBeUndefined(),
  )
})

it('lets one notice go for each time that they agreed, and none once they said no', () => {
  expect(mayNotice(undefined, 'once')).toBe('not_asked')
  expect(mayNotice({ accepted: 2, used: 1 }, 'once')).toBe('ready')
  expect(mayNotice({ accepted: 2, used: 2 }, 'once')).toBe('not_asked')
  expect(mayNotice({ accepted: 1, used: 9 }, 'long')).toBe('ready')
  expect(mayNotice({ accepted: 3, used: 0, refusedAt: at }, 'long')).toBe('declined')
})

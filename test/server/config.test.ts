import { describe, expect, it } from 'vitest'
import { readConfig } from '../../server/config.ts'

const enough = { DATABASE_URL: 'postgres://budayang@localhost/budayang' }

function settings(env: NodeJS.ProcessEnv) {
  const read = readConfig({ ...enough, ...env })
  if ('refused' in read) return expect.unreachable(read.refused.map(({ told }) => told).join())
  return read.config
}

function refused(env: NodeJS.ProcessEnv) {
  const read = readConfig({ ...enough, ...env })
  return 'refused' in read ? read.refused : expect.unreachable('the settings were taken')
}

describe('a bad value', () => {
  it.each([
    ['PORT', 'http'],
    ['PORT', '80.5'],
    ['PORT', '65536'],
    ['PORT', '-1'],
    ['DATABASE_URL', 'mysql://root@localhost/budayang'],
    ['DATABASE_URL', 'localhost:5432'],
    ['PUBLIC_URL', 'budayang.example.gov.cn'],
    ['PUBLIC_URL', 'javascript:alert(1)'],
    ['TRUST_PROXY', 'yes'],
    ['BUDAYANG_ADMIN_PASSWORD', 'Sh0rt!'],
    ['BUDAYANG_ADMIN_PASSWORD', 'onlysmallletters'],
    ['BUREAU_NAME', '医'.repeat(41)],
    ['BUREAU_NAME', '   '],
    ['BUREAU_CITY', '吕梁'],
    ['BUREAU_CITY', '14110'],
    ['BUSINESS_ZONE', 'Europe/London'],
    ['RATE_LIMIT', 'no'],
    ['LOG_LEVEL', 'verbose'],
    ['PII_LOGS', 'maybe'],
    ['PACKS_UNREVIEWED', 'show'],
    ['EMBED_ORIGINS', '*'],
    ['EMBED_ORIGINS', 'https://www.example.gov.cn,javascript:alert(1)'],
    ['EMBED_ORIGINS', "https://www.example.gov.cn; script-src 'unsafe-inline'"],
    ['QUIET_HOURS', '9pm'],
    ['QUIET_HOURS', '21:00-24:00'],
    ['WECHAT_NOTICE_FIELDS', 'thing1=matter,time2=anything'],
    ['WECHAT_NOTICE_FIELDS', 'thing1=matter,thing1=text'],
    ['WECHAT_NOTICE_KIND', 'often'],
    ['WECHAT_KF_AES_KEY', 'short'],
    ['WECHAT_KF_API_BASE', 'qyapi'],
    ['WECHAT_MINI_MODE', 'open'],
    ['SMTP_URL', 'http://mail.example.gov.cn'],
    ['SMS_WEBHOOK_SECRET', 'short'],
    ['PICKUP_SECONDS', '0'],
    ['REPLY_SECONDS', 'soon'],
    ['AMBER_SECONDS', '0'],
    ['ANSWERED_ALERT_PERCENT', '101'],
    ['LEAST_CALLS', '0'],
    ['FIGURE_TARGETS', 'answered-share=950'],
    ['FIGURE_TARGETS', 'answered-share'],
    ['FIGURE_TARGETS', 'calls=50'],
    ['SILENCE_MINUTES', '0'],
    ['SILENCE_MINUTES', '1441'],
    ['SILENCE_MINUTES', 'half an hour'],
  ])('of %s (%s) is refused in a Chinese line that names the variable', (name, value) => {
    const [line, ...more] = refused({ [name]: value })
    expect(more).toEqual([])
    expect(line?.code).toBe('config_invalid')
    expect(line?.told).toMatch(new RegExp(`^配置 ${name}(\\.\\d+)? 有误：.*\\p{Script=Han}`, 'u'))
    expect(line?.told).not.toContain('\n')
  })

  it('never shows the administrator’s password in its line', () => {
    expect(JSON.stringify(refused({ BUDAYANG_ADMIN_PASSWORD: 'secretwords' }))).not.toContain('secretwords')
  })

  it('is told together with every other one', () => {
    const told = refused({ PORT: 'x', LOG_LEVEL: 'x', SILENCE_MINUTES: 'x' }).map((line) => line.told)
    expect(told).toEqual([
      expect.stringContaining('PORT'),
      expect.stringContaining('LOG_LEVEL'),
      expect.stringContaining('SILENCE_MINUTES'),
    ])
  })
})

it('asks for a database where none is named', () => {
  expect(refused({ DATABASE_URL: undefined })).toEqual([
    {
      code: 'config_invalid',
      told: '配置 DATABASE_URL 有误：没有数据库地址：请用 npm start 启动，或设置 DATABASE_URL',
    },
  ])
})

it.each(['0.0.0.0', '::', '192.168.1.20', 'hotline.example.gov.cn'])(
  'takes RATE_LIMIT=off on no address that others reach: %s',
  (HOST) => {
    expect(refused({ RATE_LIMIT: 'off', HOST })).toEqual([
      { code: 'rate_limit_off_in_public', told: expect.stringContaining('RATE_LIMIT') as string },
    ])
  },
)

it.each(['127.0.0.1', '::1', 'localhost'])('takes RATE_LIMIT=off on %s', (HOST) => {
  expect(settings({ RATE_LIMIT: 'off', HOST })).toMatchObject({ RATE_LIMIT: false, isLoopback: true })
})

it.each([{ TLS_CERT_FILE: 'cert.pem' }, { TLS_KEY_FILE: 'key.pem' }])(
  'takes a certificate and its key together',
  (env) => {
    expect(refused(env)).toMatchObject([
      { code: 'tls_pair_incomplete', told: expect.stringContaining('TLS_KEY_FILE') as string },
    ])
  },
)

it('wants to know the public address when a proxy is trusted', () => {
  expect(refused({ TRUST_PROXY: 'on' })).toMatchObject([
    { code: 'public_url_missing', told: expect.stringContaining('PUBLIC_URL') as string },
  ])
  expect(settings({ TRUST_PROXY: 'on', PUBLIC_URL: 'https://hotline.example.gov.cn' })).toMatchObject({ isHttps: true })
})

it.each([
  ['wechat_kf_incomplete', { WECHAT_KF_CORP_ID: 'ww12345678' }, 'WECHAT_KF_AES_KEY'],
  ['wechat_mini_incomplete', { WECHAT_MINI_APP_ID: 'wx12345678' }, 'WECHAT_MINI_TOKEN'],
])('wants all that a road to WeChat needs, or nothing of it: %s', (code, env, missing) => {
  expect(refused(env)).toContainEqual({ code, told: expect.stringContaining(missing) as string })
})

it('has these defaults', () => {
  expect(settings({})).toEqual({
    ...enough,
    PORT: 8080,
    HOST: '0.0.0.0',
    DATA_DIR: './data',
    TRUST_PROXY: false,
    BUREAU_NAME: '医疗保障咨询',
    BUSINESS_ZONE: 'Asia/Shanghai',
    RATE_LIMIT: true,
    LOG_LEVEL: 'info',
    PII_LOGS: false,
    PACKS_UNREVIEWED: 'serve',
    EMBED_ORIGINS: [],
    SILENCE_MINUTES: 30,
    PICKUP_SECONDS: 15,
    REPLY_SECONDS: 180,
    AMBER_SECONDS: 120,
    ANSWERED_ALERT_PERCENT: 90,
    LEAST_CALLS: 20,
    FIGURE_TARGETS: {
      'answered-share': 0.95,
      'worst-answered-share': 0.95,
      'very-satisfied-share': 0.95,
      'follow-up-share': 1,
      'named-follow-up-share': 1,
    },
    QUIET_HOURS: { from: '21:00', to: '08:00' },
    QUEUE_MODE: 'assign',
    CALLBACK_TRIES: 3,
    ESCALATE_MINUTES: 3,
    LINE_MODE: 'bot-first',
    REQUIRE_TOTP: 'privileged',
    WECHAT_MODE: 'safe',
    WECHAT_API_BASE: 'https://api.weixin.qq.com',
    WECHAT_JSSDK_URL: 'https://res.wx.qq.com/open/js/jweixin-1.6.0.js',
    WECHAT_PER_MESSAGE: 5,
    WECHAT_MESSAGE_HOURS: 48,
    WECHAT_PER_MOMENT: 3,
    WECHAT_MOMENT_SECONDS: 60,
    FFMPEG: 'ffmpeg',
    WECHAT_NOTICE_FIELDS: [
      { name: 'thing1', fact: 'matter' },
      { name: 'time2', fact: 'time' },
      { name: 'thing3', fact: 'text' },
    ],
    WECHAT_NOTICE_KIND: 'once',
    WECHAT_KF_API_BASE: 'https://qyapi.weixin.qq.com',
    WECHAT_KF_PER_MESSAGE: 5,
    WECHAT_KF_MESSAGE_HOURS: 48,
    WECHAT_MINI_MODE: 'safe',
    WECHAT_MINI_API_BASE: 'https://api.weixin.qq.com',
    WECHAT_MINI_PER_MESSAGE: 5,
    WECHAT_MINI_MESSAGE_HOURS: 48,
    WECHAT_MINI_PER_MOMENT: 2,
    WECHAT_MINI_MOMENT_SECONDS: 60,
    isLoopback: false,
    isHttps: false,
  })
})

it('takes a variable that is set to nothing as one that is not set', () => {
  const names = Object.keys(settings({})).filter((name) => /^[A-Z_]+$/.test(name) && name !== 'DATABASE_URL')
  const empty = Object.fromEntries([...names, 'PUBLIC_URL', 'KEY_FILE', 'BUREAU_CITY'].map((name) => [name, '']))
  expect(settings(empty)).toEqual(settings({}))
})

it('keeps of an allowed site its origin alone', () => {
  const { EMBED_ORIGINS } = settings({
    EMBED_ORIGINS: ' https://www.example.gov.cn/zwfw/index.html , http://a.cn:81 ,',
  })
  expect(EMBED_ORIGINS).toEqual(['https://www.example.gov.cn', 'http://a.cn:81'])
})

it('cannot be changed once read', () => {
  expect(Object.isFrozen(settings({}))).toBe(true)
})

it('asks the three offices for a second factor, unless scripts set the place up or somebody says otherwise', () => {
  const rule = (env: NodeJS.ProcessEnv) => {
    const read = readConfig({ ...enough, ...env })
    return 'config' in read ? read.config.REQUIRE_TOTP : read.refused
  }
  const BUDAYANG_ADMIN_PASSWORD = 'Script-Horse-9'
  expect(rule({})).toBe('privileged')
  expect(rule({ BUDAYANG_ADMIN_PASSWORD })).toBe('none')
  expect(rule({ BUDAYANG_ADMIN_PASSWORD, REQUIRE_TOTP: 'sensitive' })).toBe('sensitive')
  expect(rule({ REQUIRE_TOTP: 'none' })).toBe('none')
})

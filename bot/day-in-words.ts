/** A day as people write it. */
const day = new Intl.DateTimeFormat('zh-CN', { timeZone: 'Asia/Shanghai', dateStyle: 'long' })

/** '2026年11月27日' out of '2026-11-27'. */
export const dayInWords = (of: string) => day.format(new Date(`${of}T12:00:00+08:00`))

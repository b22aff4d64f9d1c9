/**
 * Numbers that name a person, hidden in what is shown: the citizen's own words stand on a screen that others see.
 * What is sent to the server is the text as written; the server guards its own copy.
 */
const idNumber = /\b(\d{6})\d{8}(\d{3}[\dXx])\b/g
const mobile = /\b(1[3-9]\d)\d{4}(\d{4})\b/g

export const masked = (text: string) => text.replace(idNumber, '$1********$2').replace(mobile, '$1****$2')

/** The kinds of characters that a password is counted by, as contract/staff.ts rules them. */
const kinds = [/[a-z]/, /[A-Z]/, /\d/, /[^A-Za-z0-9]/]

export const kindsOf = (password: string) => kinds.filter((kind) => kind.test(password)).length

/** Who works there: made by the administrator over HTTP, signed in as themselves. */
import type { Role } from '../../contract/staff.ts'
import { signedIn } from '../../test/support/http-client.ts'
import type { Member } from './agents.ts'

const password = 'Bench-Password-1'
export const administrator = { name: 'admin', password }
/** Every third agent holds one chat and no more. */
const fewEvery = 3
const fewChats = 1

export async function members(url: string, counts: { role: Role; count: number }[]): Promise<Map<Role, Member[]>> {
  const admin = await signedIn(url, administrator)
  const made = new Map<Role, Member[]>()
  for (const { role, count } of counts) {
    const some: Member[] = []
    for (let at = 1; at <= count; at++) some.push(await member(`${role}${at}`, role))
    made.set(role, some)
    if (role === 'agent') for (const { staffId } of some.filter((_, at) => at % fewEvery === 0)) await giveFew(staffId)
  }
  return made

  /** Some seats are full soon, so that claims and transfers meet the limit. */
  async function giveFew(staffId: string): Promise<void> {
    const seat = { skills: [], regions: [], capacity: { phone: 1, web: fewChats, wechat: fewChats } }
    const { status } = await admin.post(`/api/seats/${staffId}`, seat)
    if (status !== 200) throw new Error(`the seat of ${staffId} was not set: ${status}`)
  }

  async function member(name: string, role: Role): Promise<Member> {
    const { status, body } = await admin.post('/api/staff', { name, password, roles: [role] })
    if (status !== 200) throw new Error(`${name} was not made: ${status} ${JSON.stringify(body)}`)
    const { cookie } = await signedIn(url, { name, password })
    return { staffId: String(body.id), workNumber: String(body.workNumber), cookie }
  }
}

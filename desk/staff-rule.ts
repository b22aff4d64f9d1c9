/**
 * Who may change whose account, as a rule without a database. The system administrator opens and closes accounts, the
 * security administrator grants roles and unlocks, and nobody does either to themselves. Accounts that hold an office
 * are the security administrator's alone, so that no administrator becomes another one by a new password.
 */
import { officesIn, type Office, type Role } from '../contract/staff.ts'

export type StaffAct = 'confirm' | 'roles' | 'disable' | 'enable' | 'reset-password' | 'unlock' | 'reset-totp'
/** `roles` with the offices that they stand in for. */
export type Manager = { staffId: string; roles: readonly Role[] }
export type Managed = { id: string; roles: readonly Role[] }
export type Verdict = 'allowed' | 'oneself' | 'not-theirs'

const ofSecurityAlone: readonly StaffAct[] = ['roles', 'unlock', 'reset-totp']

export function mayManage(manager: Manager, managed: Managed, act: StaffAct): Verdict {
  if (manager.staffId === managed.id) return 'oneself'
  const isSecuritys = ofSecurityAlone.includes(act) || officesIn(managed.roles).length > 0
  return manager.roles.includes(isSecuritys ? 'security' : 'administrator') ? 'allowed' : 'not-theirs'
}

/** A further security administrator is made by the one there is; every other account by the system administrator. */
export function mayCreate(manager: Manager, wanted: readonly Role[]): boolean {
  return manager.roles.includes(wanted.includes('security') ? 'security' : 'administrator')
}

/** Who could confirm an account with an office: another person, of another office than whoever gave it out of hand. */
export function mayConfirm(one: Managed, managed: Managed, givenBy: Managed): boolean {
  const [mine, givers] = [officesIn(one.roles), officesIn(givenBy.roles)]
  return one.id !== managed.id && one.id !== givenBy.id && mine.some((office) => !givers.includes(office))
}

/**
 * Whether an account that was just given out of hand must be confirmed before it may do anything: it holds an office, and
 * there is somebody to confirm it. In a new installation there is not, and the first accounts are in force at once.
 *
 * @param holders accounts with an office, in force and confirmed.
 */
export function needsConfirming(managed: Managed, givenBy: Managed, holders: readonly Managed[]): boolean {
  return officesIn(managed.roles).length > 0 && holders.some((one) => mayConfirm(one, managed, givenBy))
}

/** The offices that would stand empty if this account held `left` from now on. @param holders accounts in force. */
export function emptied(managed: Managed, left: readonly Role[], holders: readonly Managed[]): Office[] {
  return officesIn(managed.roles).filter(
    (office) => !left.includes(office) && !holders.some(({ id, roles }) => id !== managed.id && roles.includes(office)),
  )
}

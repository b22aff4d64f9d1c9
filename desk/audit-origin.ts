/**
 * From where the act under way came. Known at the doors, written by the audit store, looked at by nothing in between:
 * the one thing that travels beside the calls and not in them, because every act would have to carry it.
 */
import { AsyncLocalStorage } from 'node:async_hooks'

const origin = new AsyncLocalStorage<string>()

/** @param address as the network has it; kept masked. */
export function actingFrom<T>(address: string | undefined, work: () => T): T {
  return address === undefined ? work() : origin.run(maskAddress(address), work)
}

/** @returns undefined for what nobody asked for through a door. */
export const originOfAct = (): string | undefined => origin.getStore()

/** "10.2.3.*", "2001:db8:1::*": the network, not the computer. */
export function maskAddress(address: string): string {
  const plain = address.replace(/^::ffff:(?=\d+\.)/i, '')
  const [, network] = /^(\d{1,3}\.\d{1,3}\.\d{1,3})\.\d{1,3}$/.exec(plain) ?? []
  if (network) return `${network}.*`
  const groups = plain.split('::')[0]?.split(':').filter(Boolean).slice(0, 3) ?? []
  return `${groups.join(':')}::*`
}

/** Who is signed in, on every page the same. Learnt from the server once, and forgotten when it knows nobody. */
import { computed, readonly, shallowRef } from 'vue'
import type { SessionView } from '../contract/http.ts'
import { ApiError, get, post, remove, trustSession } from './api.ts'
import { clearDrafts } from './desk/drafts.ts'

const current = shallowRef<SessionView>()

export const session = readonly(current)
/** With the offices that nobody holds, for the system administrator who stands in for them. */
export const myRoles = computed(() => [...(current.value?.roles ?? []), ...(current.value?.standsIn ?? [])])

function enter(view: SessionView): void {
  trustSession(view.csrf)
  current.value = view
}

/** Asks the server who we are, each time while a colleague is still to confirm us; undefined when it knows nobody. */
export async function findSession(): Promise<SessionView | undefined> {
  if (current.value && !current.value.isUnconfirmed) return current.value
  try {
    enter(await get<SessionView>('session'))
  } catch (error) {
    if (error instanceof ApiError && error.code === 'not_signed_in') return undefined
    throw error
  }
  return current.value
}

/** @param otp the second factor, once the server has asked for it. */
export async function signIn(name: string, password: string, otp?: string): Promise<void> {
  enter(await post<SessionView>('session', { name, password, ...(otp && { otp }) }))
}

/** Asks again, because what this person may do has changed: a second factor is enrolled. */
export async function renewSession(): Promise<void> {
  enter(await get<SessionView>('session'))
}

/** The first administrator's one-time link: sets the password, and signs in. */
export async function setUp(token: string, password: string): Promise<void> {
  await post('setup', { token, password })
  forgetSession()
  await findSession()
}

/** What is still to be said to the server before the session ends. */
const goodbyes = new Set<() => Promise<unknown>>()

/** @returns takes it back. */
export function atSignOut(goodbye: () => Promise<unknown>): () => void {
  goodbyes.add(goodbye)
  return () => goodbyes.delete(goodbye)
}

export async function signOut(): Promise<void> {
  // A goodbye that fails keeps nobody from leaving.
  await Promise.allSettled([...goodbyes].map((goodbye) => goodbye()))
  await remove('session').catch((error: unknown) => {
    // Already signed out is what was wanted.
    if (!(error instanceof ApiError && error.code === 'not_signed_in')) throw error
  })
  clearDrafts(localStorage)
  clearDrafts(sessionStorage)
  forgetSession()
}

export function forgetSession(): void {
  trustSession('')
  current.value = undefined
}

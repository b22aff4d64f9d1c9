/** crypto.randomUUID is absent on a plain-http address in the bureau's own network; getRandomValues is not. */
export function newClientId(): string {
  return Array.from(crypto.getRandomValues(new Uint8Array(16)), (byte) => byte.toString(16).padStart(2, '0')).join('')
}

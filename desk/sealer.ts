/** Encrypts what identifies a person before it is kept. The key ring that does it belongs to the server. */
export type Sealer = {
  seal(plain: string): string
  open(sealed: string): string
  /** Keyed: finds a row by an identifier without keeping the identifier. */
  lookupHash(identifier: string): Buffer
}

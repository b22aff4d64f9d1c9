/**
 * What was made lately, by what it was made of. Full, it lets go of what was not asked for since it was last full.
 *
 * @param most how many are held at once, at most. @param make pure: what is let go of is made again.
 */
export function recent<K, V extends object>(most: number, make: (key: K) => V): (key: K) => V {
  let young = new Map<K, V>()
  let old = new Map<K, V>()
  return (key) => {
    const known = young.get(key)
    if (known) return known
    const value = old.get(key) ?? make(key)
    if (young.size >= most / 2) {
      old = young
      young = new Map()
    }
    young.set(key, value)
    return value
  }
}

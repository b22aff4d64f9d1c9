/**
 * The cities that the packs know, by the names people use for them. A city that no pack names may still be given by
 * its GB/T 2260 code: it then has the national entries alone.
 */
import type { PackHead } from './pack.ts'
import { normalise } from './text/normalise.ts'

export type City = { code: string; name: string }
export type Cities = ReturnType<typeof cities>

/** @param heads packs in any order; several packs may serve one city. */
export function cities(heads: readonly Pick<PackHead, 'region'>[]) {
  const names = new Map<string, string>()
  const codes = new Map<string, string>()
  for (const { region } of heads) {
    if (!region) continue
    names.set(region.code, region.name)
    for (const spelling of [region.name, ...region.aliases]) codes.set(normalise(spelling), region.code)
  }
  // "吕梁" for 吕梁市; a name given in full always wins over another city's shortened one. A county is shortened only
  // where its pack says so: 交城 also stands in 交城乡居民医保.
  for (const [code, name] of names) {
    const short = normalise(name).replace(/[市县]$/u, '')
    if (short.length >= 2 && !codes.has(short)) codes.set(short, code)
  }
  const spelled = [...codes.keys()].filter((spelling) => spelling !== '').sort((a, b) => b.length - a.length)
  const anyName =
    spelled.length > 0 ? new RegExp(spelled.map((s) => s.replaceAll('.', '\\.')).join('|'), 'gu') : undefined

  return {
    all: [...names].map(([code, name]): City => ({ code, name })),

    /** @param nameOrCode "吕梁", "吕梁市", 呂梁 or six digits. */
    cityCodeOf(nameOrCode: string): string | undefined {
      const given = nameOrCode.trim()
      if (/^\d{6}$/.test(given)) return given
      const spelling = normalise(given)
      return (
        codes.get(spelling) ??
        codes.get(`${spelling}市`) ??
        codes.get(`${spelling}县`) ??
        codes.get(spelling.replace(/[市县]$/u, ''))
      )
    },

    nameOf(code: string): string | undefined {
      return names.get(code)
    },

    /** Every city that a normalised text names, with what stands around the name. */
    mentions(normalised: string): { code: string; before: string; after: string }[] {
      if (!anyName) return []
      return [...normalised.matchAll(anyName)].flatMap(({ 0: spelling, index }) => {
        const code = codes.get(spelling)
        const [before, after] = [normalised.slice(0, index), normalised.slice(index + spelling.length)]
        return code ? [{ code, before, after }] : []
      })
    },

    /** A normalised text without any city's name; empty when it was nothing else. */
    without(normalised: string): string {
      return anyName ? normalised.replace(anyName, '') : normalised
    },

    /** Takes city names out of a normalised text, so that where somebody is does not drown what they ask. */
    takenOut(normalised: string): { text: string; codes: string[] } {
      if (!anyName) return { text: normalised, codes: [] }
      const named = new Set<string>()
      const text = normalised.replace(anyName, (spelling) => {
        const code = codes.get(spelling)
        if (code) named.add(code)
        return ''
      })
      return { text: text === '' ? normalised : text, codes: [...named] }
    },
  }
}

/**
 * Leave to look at one file, for one member of staff and a quarter of an hour. It stands in the file's address, because a
 * picture in a page is fetched by address; it is sealed, so that nobody makes one, and worth nothing without the session
 * of whom it was given to.
 */
import { z } from 'zod'

type Sealer = { seal(plain: string): string; open(sealed: string): string }
export type FileGrants = ReturnType<typeof fileGrants>

const validMs = 15 * 60_000
const grantSchema = z.strictObject({ file: z.string(), staff: z.string(), until: z.number() })

export function fileGrants(sealer: Sealer) {
  return {
    give: (file: string, staff: string, now: Date): string =>
      sealer.seal(JSON.stringify({ file, staff, until: now.getTime() + validMs })),

    isGiven(grant: string | undefined, file: string, staff: string, now: Date): boolean {
      if (grant === undefined) return false
      try {
        const given = grantSchema.parse(JSON.parse(sealer.open(grant)))
        return given.file === file && given.staff === staff && given.until > now.getTime()
      } catch {
        return false
      }
    },
  }
}

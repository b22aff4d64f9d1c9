/**
 * Every way of getting one field wrong that a schema must notice, made from the schema itself and one sound value of
 * it: so a field that is added to the contract is attacked by the next test run. The sound value has to fill every
 * field, optional ones too.
 */
import { z } from 'zod'

/** `path` is the field that the refusal must name. */
export type Fault = { what: string; value: unknown; path: string }

type Schema = z.core.$ZodType
type Replace = (value: unknown) => unknown
const absent = Symbol('absent')

/** The database's integer ends here; a schema that lets more through is found by what the database says. */
const beyondInteger = [2 ** 31, 2 ** 40, 2 ** 53]
const wrongKinds = { number: 7, text: '7', truth: true, list: [], object: {}, null: null }

export function faultsOf(schema: Schema, sound: unknown): Fault[] {
  return faultsAt(schema, sound, [], (value) => value)
}

function faultsAt(given: Schema, sound: unknown, path: readonly string[], replace: Replace): Fault[] {
  const { schema, mayBeAbsent } = bare(given)
  const here = path.join('.')
  const fault = (what: string, value: unknown): Fault => ({
    what: `${here} ${what}`,
    value: replace(value),
    path: here,
  })
  const kinds = (...right: (keyof typeof wrongKinds)[]) =>
    Object.entries(wrongKinds)
      .filter(([kind]) => !right.some((one) => one === kind))
      .map(([kind, value]) => fault(`is ${kind}`, value))
  const missing = mayBeAbsent || path.length === 0 ? [] : [fault('is missing', absent)]

  if (schema instanceof z.core.$ZodNullable)
    return faultsAt(schema._zod.def.innerType, sound, path, replace).filter(
      ({ what }) => what !== `${here} is null` && (missing.length > 0 || what !== `${here} is missing`),
    )
  if (schema instanceof z.core.$ZodDiscriminatedUnion)
    return [...missing, ...faultsOfKind(schema, sound, path, replace)]
  if (schema instanceof z.core.$ZodLiteral) return [...missing, ...kinds(), fault('is nothing', 'nothing')]
  // Bytes, by their class.
  if (schema instanceof z.core.$ZodCustom) return [...missing, ...kinds()]
  if (schema instanceof z.core.$ZodObject)
    return [...missing, ...kinds('object'), ...faultsInside(schema, sound, path, replace)]
  if (schema instanceof z.core.$ZodArray) {
    const [first] = listOf(sound, here)
    const { maximum, minimum } = boundsOf(schema)
    return [
      ...missing,
      ...kinds('list'),
      ...(maximum === undefined ? [] : [fault('is too long', Array<unknown>(maximum + 1).fill(first))]),
      ...(minimum ? [fault('is empty', [])] : []),
      ...faultsAt(schema._zod.def.element, first, [...path, '0'], (value) => replace([value])),
    ]
  }
  if (schema instanceof z.core.$ZodString) {
    const { maximum = 6_000, minimum, patterns } = boundsOf(schema)
    return [
      ...missing,
      ...kinds('text'),
      fault('is too long', 'x'.repeat(maximum + 1)),
      fault('holds a NUL', `${String(sound).slice(0, -1)}\u0000`),
      fault('holds half a sign', `${String(sound).slice(0, -1)}\ud800`),
      // A pattern may take nothing for an answer: no extension, no telephone.
      ...(minimum || (patterns && !z.core.safeParse(schema, '').success) ? [fault('is empty', '')] : []),
    ]
  }
  if (schema instanceof z.core.$ZodEnum)
    return [...missing, ...kinds(), ...['nothing', '__proto__', 'constructor'].map((v) => fault(`is ${v}`, v))]
  if (schema instanceof z.core.$ZodNumber) {
    const { minimum } = boundsOf(schema)
    const tooSmall = minimum === undefined ? [] : [fault('is too small', minimum - 1)]
    const tooLarge = beyondInteger.map((value) => fault(`is ${value}`, value))
    return [...missing, ...kinds('number'), fault('is a fraction', 1.5), ...tooSmall, ...tooLarge]
  }
  if (schema instanceof z.core.$ZodBoolean) return [...missing, ...kinds('truth')]
  // A closed list of numbers, such as the levels of a rating: 7 is none of them.
  if (schema instanceof z.core.$ZodUnion)
    return [...missing, ...kinds(), ...[0, 1.5, -1, 1e308].map((value) => fault(`is ${value}`, value))]
  throw new Error(`${here}: no faults are known for ${schema._zod.def.type}`)
}

/** One of several shapes, told apart by a field: faults of the shape that the sound value has, and of that field. */
function faultsOfKind(
  schema: z.core.$ZodDiscriminatedUnion,
  sound: unknown,
  path: readonly string[],
  replace: Replace,
): Fault[] {
  const { discriminator, options } = schema._zod.def
  const here = path.join('.')
  const shape = options.find((option) => z.core.safeParse(option, sound).success)
  if (!(shape instanceof z.core.$ZodObject)) throw new Error(`the sound value of ${here} is of no kind`)
  const others = Object.entries(wrongKinds).filter(([kind]) => kind !== 'object')
  const ofKind = [...path, discriminator].join('.')
  return [
    ...others.map(([kind, value]) => ({ what: `${here} is ${kind}`, value: replace(value), path: here })),
    { what: `${here} is of no kind`, value: replace({}), path: ofKind },
    ...faultsInside(shape, sound, path, replace),
  ]
}

function faultsInside(schema: z.core.$ZodObject, sound: unknown, path: readonly string[], replace: Replace): Fault[] {
  const fields = new Map<string, unknown>(Object.entries(sound ?? {}))
  const each = Object.entries(schema._zod.def.shape).flatMap(([key, child]) => {
    if (!fields.has(key)) throw new Error(`the sound value lacks ${[...path, key].join('.')}`)
    return faultsAt(child, fields.get(key), [...path, key], (value) => replace(withField(fields, key, value)))
  })
  const strangers = { stranger: 1, constructor: { prototype: { isAdmin: true } }, ['__proto__']: { isAdmin: true } }
  const unknown = Object.entries(strangers).map(([key, value]) => {
    const at = [...path, key].join('.')
    return { what: `${at} is no field`, value: replace(withField(fields, key, value)), path: at }
  })
  return [...each, ...unknown]
}

/** Own properties only, whatever the key: "__proto__" would else set the prototype instead. */
function withField(fields: ReadonlyMap<string, unknown>, key: string, value: unknown): object {
  const all = new Map(fields).set(key, value)
  if (value === absent) all.delete(key)
  return Object.fromEntries(all)
}

function bare(given: Schema): { schema: Schema; mayBeAbsent: boolean } {
  if (given instanceof z.core.$ZodOptional || given instanceof z.core.$ZodDefault)
    return { ...bare(given._zod.def.innerType), mayBeAbsent: true }
  if (given instanceof z.core.$ZodPipe) {
    const { in: before, out } = given._zod.def
    return bare(before instanceof z.core.$ZodTransform ? out : before)
  }
  return { schema: given, mayBeAbsent: false }
}

/** The bounds that a schema's checks name: least and most of a length or a number, and whether it has a pattern. */
function boundsOf(schema: Schema): { minimum?: number; maximum?: number; patterns: boolean } {
  const checks = [schema._zod.def, ...(schema._zod.def.checks ?? []).map((check) => check._zod.def)]
  const found = checks.map((check) => boundSchema.safeParse(check).data).filter((one) => one !== undefined)
  const of = (name: string) => found.find((one) => one.check === name)
  return {
    minimum: of('min_length')?.minimum ?? of('greater_than')?.value,
    maximum: of('max_length')?.maximum,
    patterns: of('string_format') !== undefined,
  }
}
const boundSchema = z.object({
  check: z.string(),
  minimum: z.number().optional(),
  maximum: z.number().optional(),
  value: z.number().optional(),
})

function listOf(sound: unknown, at: string): unknown[] {
  if (!Array.isArray(sound) || sound.length === 0) throw new Error(`the sound value of ${at} is no filled list`)
  return sound
}

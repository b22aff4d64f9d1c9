/** As faults.ts, for what stands behind the question mark of an address: there everything is text. */
import { z } from 'zod'
import type { Fault } from './faults.ts'

export type QueryFault = Omit<Fault, 'value'> & { query: string }

export function queryFaultsOf(schema: z.core.$ZodType, sound: Readonly<Record<string, string>>): QueryFault[] {
  if (!(schema instanceof z.core.$ZodObject)) throw new Error('a query is an object')
  const fields = Object.entries(schema._zod.def.shape).flatMap(([key, child]): QueryFault[] => {
    const value = sound[key]
    if (value === undefined) throw new Error(`the sound query lacks ${key}`)
    const other = new URLSearchParams(Object.entries(sound).filter(([one]) => one !== key)).toString()
    const fault = (what: string, raw: string): QueryFault => ({
      what: `${key} ${what}`,
      path: key,
      query: `${other}&${key}=${raw}`,
    })
    const isNumber = /^\d{1,3}$/.test(value) && !(bare(child) instanceof z.core.$ZodEnum)
    return [
      ...(child instanceof z.core.$ZodOptional || child instanceof z.core.$ZodDefault
        ? []
        : [{ what: `${key} is missing`, path: key, query: other }]),
      ...(isList(child)
        ? []
        : [fault('comes twice', `${encodeURIComponent(value)}&${key}=${encodeURIComponent(value)}`)]),
      fault('is empty', ''),
      fault('holds a NUL', '%00'),
      fault('is too long', 'x'.repeat(600)),
      ...(isNumber ? ['x', '1.5', '-1', '1e1', '0x5', 'Infinity', 'NaN', '99999999', '%201'] : []).map((raw) =>
        fault(`is ${raw}`, raw),
      ),
    ]
  })
  const strangers = ['stranger', '__proto__', 'constructor', 'limit[]'].map((key) => ({
    what: `${key} is no field`,
    path: key,
    query: `${new URLSearchParams(sound).toString()}&${encodeURIComponent(key)}=1`,
  }))
  return [...fields, ...strangers]
}

/** May come more than once. */
function isList(schema: z.core.$ZodType): boolean {
  const inside = bare(schema)
  if (inside instanceof z.core.$ZodPipe) return isList(inside._zod.def.in)
  if (inside instanceof z.core.$ZodUnion) return inside._zod.def.options.some(isList)
  return inside instanceof z.core.$ZodArray
}

function bare(schema: z.core.$ZodType): z.core.$ZodType {
  return schema instanceof z.core.$ZodOptional || schema instanceof z.core.$ZodDefault
    ? bare(schema._zod.def.innerType)
    : schema
}

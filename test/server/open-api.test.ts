/** The document at /api/openapi.json: sound by the rules of OpenAPI 3.1, and naming every door. */
import { afterAll, beforeAll, expect, it } from 'vitest'
import { z } from 'zod'
import type { HttpDoor } from '../../server/door.ts'
import { httpPolicy } from '../../server/policy.ts'
import { aHotline, type TestHotline } from '../support/hotline.ts'
import { ask } from '../support/http-client.ts'

// What the specification asks of the parts that we use; a field that it does not name is a fault.
const media = z.strictObject({ schema: z.looseObject({}) })
const content = z.record(z.string().regex(/^[\w.+-]+\/[\w.+-]+$/), media)
const parameter = z.strictObject({
  name: z.string().min(1),
  in: z.enum(['query', 'path']),
  required: z.boolean().optional(),
  description: z.string().optional(),
  schema: z.looseObject({}),
})
const operation = z.strictObject({
  summary: z.string().min(1),
  description: z.string().min(1),
  parameters: z.array(parameter).optional(),
  requestBody: z.strictObject({ content, required: z.boolean().optional() }).optional(),
  responses: z.record(
    z.string().regex(/^([1-5]\d\d|default)$/),
    z.strictObject({ description: z.string().min(1), content: content.optional() }),
  ),
})
const methods = ['get', 'post', 'delete'] as const
const documentSchema = z.strictObject({
  openapi: z.string().regex(/^3\.1\.\d+$/),
  info: z.strictObject({ title: z.string().min(1), version: z.string().min(1) }),
  paths: z.record(z.string().startsWith('/'), z.partialRecord(z.enum(methods), operation)),
  components: z.strictObject({ schemas: z.record(z.string().regex(/^[\w.-]+$/), z.looseObject({})) }),
})

let hotline: TestHotline
let raw: unknown
let document: z.infer<typeof documentSchema>
beforeAll(async () => {
  hotline = await aHotline()
  raw = (await ask(hotline.url, 'GET', '/api/openapi.json')).body
  document = documentSchema.parse(raw)
})
afterAll(() => hotline.close())

const doors: [string, HttpDoor][] = Object.entries(httpPolicy)
const operations = () =>
  Object.entries(document.paths).flatMap(([path, item]) =>
    methods.flatMap((method) => (item[method] ? [{ path, method, ...item[method] }] : [])),
  )

it('names every door once, and no other', () => {
  const described = operations().map(({ path, method }) => `${method.toUpperCase()} ${path}`)
  const expected = doors.map(([name]) =>
    name
      .replace('{/*path}', '')
      .replace('*path', '{path}')
      .replace(/:(\w+)/g, '{$1}'),
  )
  expect(described.sort()).toEqual(expected.sort())
})

it('declares every part of an address as a parameter, and each as required', () => {
  for (const { path, parameters = [] } of operations()) {
    const inPath = parameters.filter((one) => one.in === 'path')
    expect(inPath.map(({ name }) => name).sort(), path).toEqual(
      [...path.matchAll(/\{(\w+)\}/g)].map(([, name]) => name).sort(),
    )
    expect(inPath.every(({ required }) => required)).toBe(true)
  }
})

it('says of every door what it takes', () => {
  for (const [name, { body, query }] of doors) {
    const [method = '', path = ''] = name
      .toLowerCase()
      .replace(/:(\w+)/g, '{$1}')
      .split(' ')
    const found = operations().find((one) => one.method === method && one.path === path)
    if (!found) continue // pages, whose address is written another way
    expect(found.requestBody?.required ?? false, name).toBe(body ? !body.safeParse(undefined).success : false)
    const asked = (found.parameters ?? []).filter((one) => one.in === 'query').map((one) => one.name)
    expect(asked, name).toEqual(query instanceof z.ZodObject ? Object.keys(query.shape) : [])
    expect(Object.keys(found.responses)).toEqual(['200', 'default'])
  }
})

it('points only at what it holds', () => {
  const pointers = [...JSON.stringify(raw).matchAll(/"\$ref":"([^"]+)"/g)].map(([, to = '']) => to)
  expect(pointers.length).toBeGreaterThan(0)
  const held = Object.keys(document.components.schemas).map((name) => `#/components/schemas/${name}`)
  expect(pointers.filter((to) => !held.includes(to))).toEqual([])
})

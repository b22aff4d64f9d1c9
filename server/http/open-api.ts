/** The policy table as an OpenAPI document: what is asked is what is described. */
import { z } from 'zod'
import { createDocument, type ZodOpenApiOperationObject, type ZodOpenApiPathsObject } from 'zod-openapi'
import { problemCodes } from '../../contract/problem.ts'
import type { HttpDoor } from '../door.ts'
import { httpPolicy } from '../policy.ts'

const refusal = z
  .object({
    code: z.enum(problemCodes),
    message: z.string(),
    fields: z.array(z.object({ path: z.string(), message: z.string() })).optional(),
  })
  .meta({ id: 'Refusal' })

export function openApi() {
  const paths: ZodOpenApiPathsObject = {}
  const doors: [string, HttpDoor][] = Object.entries(httpPolicy)
  for (const [name, door] of doors) {
    const [method = 'GET', path = '/'] = name.split(' ', 2)
    const described = path
      .replace('{/*path}', '')
      .replace('*path', '{path}')
      .replace(/:(\w+)/g, '{$1}')
    const entry = (paths[described] ??= {})
    const key = method.toLowerCase() as 'get' | 'post' | 'delete'
    entry[key] = operation(described, door)
  }
  return createDocument({ openapi: '3.1.0', info: { title: 'Budayang', version: '1' }, paths })
}

function operation(path: string, door: HttpDoor): ZodOpenApiOperationObject {
  const { body, query, params = partsOf(path) } = door
  const roles = typeof door.who === 'string' ? door.who : door.who.join(', ')
  return {
    summary: door.summary,
    description: `who: ${roles}`,
    ...(body && {
      requestBody: {
        required: !body.safeParse(undefined).success,
        content: { 'application/json': { schema: body } },
      },
    }),
    requestParams: {
      ...(query instanceof z.ZodObject && { query }),
      ...(params instanceof z.ZodObject && { path: params }),
    },
    responses: {
      '200': { description: 'done' },
      default: { description: 'refused', content: { 'application/json': { schema: refusal } } },
    },
  }
}

/** Of an address whose handler reads them itself. */
function partsOf(path: string): z.ZodObject | undefined {
  const names = [...path.matchAll(/\{(\w+)\}/g)].map(([, name = '']) => [name, z.string()] as const)
  return names.length > 0 ? z.object(Object.fromEntries(names)) : undefined
}
